import type { Sample } from "./live";

type Series = Exclude<keyof Sample, "at">;
/** Seconds since 1970, then one column a series; null breaks the curve. */
export type Columns = [number[], ...(number | null)[][]];

/** From this many seconds without a sample the curve is broken instead of drawn across: nobody knows what was there. */
const gapSeconds = 5;

/** Lays the samples of the last `windowSeconds` out in columns, as the chart wants them. */
export function columnsOf(samples: Sample[], series: readonly Series[], windowSeconds: number): Columns {
  const end = samples.at(-1)?.at ?? 0;
  const times: number[] = [];
  const values: (number | null)[][] = series.map(() => []);
  let before: number | null = null;
  for (const sample of samples) {
    if (sample.at < end - windowSeconds) continue;
    if (before !== null && sample.at - before > gapSeconds) {
      times.push(before + 1);
      for (const column of values) column.push(null);
    }
    times.push(sample.at);
    series.forEach((name, i) => {
      values[i]?.push(sample[name]);
    });
    before = sample.at;
  }
  return [times, ...values];
}

/** Now, lowest and highest of a column: the curve in words. */
export function summaryOf(column: (number | null)[]): { now: number; low: number; high: number } | null {
  const known = column.filter((v) => v !== null);
  const now = known.at(-1);
  return now === undefined ? null : { now, low: Math.min(...known), high: Math.max(...known) };
}
