import { useLanguage } from "@anteroom/i18n";
import { useTranslation } from "react-i18next";
import { useDuration } from "@/shared/use-duration";
import { type Change, drainSeconds } from "./changes";
import type { Room } from "./live";
import type { Mode, Policy } from "./settings";

/** What the changes mean for the people in the line, in words. */
export function Consequences({
  changes,
  base,
  live,
}: {
  changes: Change[];
  base: Policy;
  live: Room["live"];
}) {
  const { t } = useTranslation();
  const { count } = useLanguage();
  const duration = useDuration();
  const lines = changes.flatMap(({ field, to }) => {
    if (field === "mode") return [t(`consequence.${to as Mode}`)];
    if (typeof to !== "number" || !(to >= 1)) return [];
    if (field === "rate_per_minute" && live.waiting > 0 && base.rate_per_minute > 0) {
      const before = duration(drainSeconds(live.waiting, base.rate_per_minute));
      return [
        t("consequence.drainFaster", {
          people: count(live.waiting),
          before,
          after: duration(drainSeconds(live.waiting, to)),
        }),
      ];
    }
    return [];
  });
  if (lines.length === 0) return null;
  return (
    <ul className="grid gap-1 text-sm text-muted">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
