import { useLanguage } from "@anteroom/i18n";
import { cx } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

/** A figure against its limit, as a number and as a bar. `compact` is for table cells. */
export function Meter({ value, most, compact = false }: { value: number; most: number; compact?: boolean }) {
  const { t } = useTranslation();
  const { count } = useLanguage();
  const share = Math.min(1, value / most);
  return (
    <div className={cx("grid gap-1.5", compact && "min-w-36")}>
      {compact && (
        <span>
          <b className="text-base">{count(value)}</b>{" "}
          <span className="text-muted">{t("rooms.of", { most: count(most) })}</span>
        </span>
      )}
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-raised">
        <div
          className={cx("h-full rounded-full bg-accent", value > most && "bg-warn")}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </div>
  );
}
