import { useTranslation } from "react-i18next";
import type { Change } from "./changes";
import { useValueText } from "./use-change-text";

/** Old → new, a line a setting. */
export function ChangeList({ changes }: { changes: Change[] }) {
  const { t } = useTranslation();
  const value = useValueText();
  if (changes.length === 0) return null;
  return (
    <ul className="grid gap-2">
      {changes.map(({ field, from, to }) => (
        <li key={field} className="rounded-xl bg-raised px-4 py-2.5">
          <span className="block text-xs font-semibold text-muted">{t(`controls.${field}`)}</span>
          <span className="flex flex-wrap items-baseline gap-x-2 font-bold tabular-nums">
            <del className="font-medium text-muted">{value(field, from)}</del>
            <span aria-hidden className="text-muted">
              →
            </span>
            <ins className="text-lg no-underline">{value(field, to)}</ins>
            <Ratio from={from} to={to} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** "+100 %": what a number's step is in proportion, where a slip shows. */
function Ratio({ from, to }: Pick<Change, "from" | "to">) {
  if (typeof from !== "number" || typeof to !== "number" || Number.isNaN(to) || from === 0) return null;
  const percent = Math.round((to / from - 1) * 100);
  return (
    <span className="text-sm font-medium text-muted">
      {percent >= 0 ? "+" : "−"}
      {Math.abs(percent)} %
    </span>
  );
}
