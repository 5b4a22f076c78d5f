import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useTheme } from "@/shared/use-theme";
import { type Columns, summaryOf } from "./columns";

interface Line {
  name: string;
  /** A colour token of the theme, such as "--accent". */
  token: string;
  /** Limits are dashed steps, figures are filled curves. */
  limit?: boolean;
}

interface Props {
  lines: Line[];
  columns: Columns;
  windowSeconds: number;
  format: (value: number) => string;
  formatTime: (iso: string) => string;
  describe: (summary: { name: string; now: string; low: string; high: string }) => string;
}

const height = 132;
/** All charts of the page share one crosshair. */
const sync = uPlot.sync("room");

/** Curves over time; the numbers under the crosshair, or the latest, stand above them. */
export function TimeChart({ lines, columns, windowSeconds, format, formatTime, describe }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const theme = useTheme(host);
  const given = { lines, columns, windowSeconds, format, formatTime };
  const latest = useRef(given);
  latest.current = given;
  const names = lines.map((l) => l.name).join();

  // The chart is made again when its look changes, and only fed when its figures do.
  // biome-ignore lint/correctness/useExhaustiveDependencies: names stands for lines, which is new on every render
  useEffect(() => {
    const element = host.current;
    if (!element || !theme) return;
    const chart = new uPlot(
      optionsFor(element, theme, () => latest.current, setAt),
      latest.current.columns,
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [theme, names]);

  useEffect(() => {
    plot.current?.setData(columns);
  }, [columns]);

  const index = at !== null && at < columns[0].length ? at : columns[0].length - 1;
  const time = at === null ? undefined : columns[0][index];
  const first = summaryOf(columns[1] ?? []);
  const label = first
    ? describe({
        name: lines[0]?.name ?? "",
        now: format(first.now),
        low: format(first.low),
        high: format(first.high),
      })
    : (lines[0]?.name ?? "");
  return (
    <figure className="grid gap-1">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 text-sm">
        {lines.map((line, i) => (
          <span key={line.name} className="flex items-center gap-1.5">
            <span
              aria-hidden
              className="w-3.5 border-t-[3px]"
              style={{ borderColor: `var(${line.token})`, borderStyle: line.limit ? "dotted" : "solid" }}
            />
            <span className="text-muted">{line.name}</span>
            <b className="tabular-nums">{formatOr(columns[i + 1]?.[index], format)}</b>
          </span>
        ))}
        {time !== undefined && (
          <span className="ml-auto text-muted tabular-nums">
            {formatTime(new Date(time * 1000).toISOString())}
          </span>
        )}
      </figcaption>
      <div ref={host} role="img" aria-label={label} className="min-w-0 overflow-hidden" style={{ height }} />
    </figure>
  );
}

function formatOr(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? "–" : format(value);
}

type Given = Pick<Props, "lines" | "columns" | "windowSeconds" | "format" | "formatTime">;

function optionsFor(
  element: HTMLElement,
  color: (token: string) => string,
  given: () => Given,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const grid = { stroke: color("--line"), width: 1 };
  const axis = { stroke: color("--muted"), font: "12px system-ui", grid, ticks: { show: false } };
  const short = new Intl.NumberFormat("en", { notation: "compact" });
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { sync: { key: sync.key }, drag: { x: false, y: false }, y: false, points: { size: 7 } },
    hooks: { setCursor: [(u) => onCursor(u.cursor.idx ?? null)] },
    scales: {
      // The window always has its full length, so that a young page does not draw seconds as if they were minutes.
      x: { range: (u) => windowOf(u.data[0].at(-1), given().windowSeconds) },
      y: { range: (_u, _min, max) => [0, Math.max(4, max * 1.12)] },
    },
    axes: [
      {
        ...axis,
        space: 90,
        size: 26,
        values: (_u, splits) => splits.map((s) => clock(s, given().formatTime)),
      },
      {
        ...axis,
        size: 50,
        space: 34,
        values: (_u, splits) => splits.map((s) => (Number.isInteger(s) ? short.format(s) : "")),
      },
    ],
    series: [
      {},
      ...given().lines.map((line) => ({
        label: line.name,
        stroke: color(line.token),
        width: line.limit ? 1.5 : 2,
        dash: line.limit ? [3, 4] : undefined,
        fill: line.limit ? undefined : `color-mix(in srgb, ${color(line.token)} 14%, transparent)`,
        points: { show: false },
        paths: line.limit ? uPlot.paths.stepped?.({ align: 1 }) : undefined,
      })),
    ],
  };
}

function windowOf(last: number | undefined, seconds: number): [number, number] {
  const end = last ?? Date.now() / 1000;
  return [end - seconds, end];
}

function clock(seconds: number, formatTime: (iso: string) => string): string {
  return formatTime(new Date(seconds * 1000).toISOString());
}
