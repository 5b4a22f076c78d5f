import { useLanguage } from "@anteroom/i18n";
import { Card, cx } from "@anteroom/ui";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { columnsOf } from "./columns";
import type { Sample } from "./live";
import { TimeChart } from "./time-chart";

const windows = [2, 5, 15] as const;

/** Waiting, active and admissions, one above the other on one time axis: their sizes differ too much for one scale. */
export function RoomCharts({ samples }: { samples: Sample[] }) {
  const { t } = useTranslation();
  const { count, date } = useLanguage();
  const [minutes, setMinutes] = useState<number>(windows[0]);
  const seconds = minutes * 60;
  const waiting = useMemo(() => columnsOf(samples, ["waiting"], seconds), [samples, seconds]);
  const active = useMemo(() => columnsOf(samples, ["active", "cap"], seconds), [samples, seconds]);
  const admitted = useMemo(() => columnsOf(samples, ["admitted", "rate"], seconds), [samples, seconds]);
  const formatTime = useCallback((iso: string) => date(iso, "time"), [date]);
  const common = {
    windowSeconds: seconds,
    format: count,
    formatTime,
    describe: (summary: { name: string; now: string; low: string; high: string }) =>
      t("charts.describe", summary),
  };
  return (
    <Card className="grid gap-4">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t("charts.title")}</h2>
        <fieldset className="flex gap-1 rounded-full bg-raised p-1">
          <legend className="sr-only">{t("charts.window")}</legend>
          {windows.map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={value === minutes}
              onClick={() => setMinutes(value)}
              className={cx(
                "rounded-full px-3 py-1 text-sm font-semibold text-muted",
                value === minutes && "bg-surface text-ink shadow-card",
              )}
            >
              {t("charts.minutes", { count: value })}
            </button>
          ))}
        </fieldset>
      </div>
      {samples.length === 0 ? (
        <p className="py-16 text-center text-muted">{t("charts.empty")}</p>
      ) : (
        <>
          <TimeChart
            {...common}
            columns={waiting}
            lines={[{ name: t("charts.waiting"), token: "--accent" }]}
          />
          <TimeChart
            {...common}
            columns={active}
            lines={[
              { name: t("charts.active"), token: "--good" },
              { name: t("charts.cap"), token: "--muted", limit: true },
            ]}
          />
          <TimeChart
            {...common}
            columns={admitted}
            lines={[
              { name: t("charts.admitted"), token: "--warn" },
              { name: t("charts.rate"), token: "--muted", limit: true },
            ]}
          />
        </>
      )}
    </Card>
  );
}
