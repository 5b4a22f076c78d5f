import { cx } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { useNow } from "@/shared/use-now";
import { ageSeconds, type Health, healthOf, type Live } from "./live";

const looks: Record<Health, { text: string; dot: string }> = {
  live: { text: "text-good bg-good-soft", dot: "bg-good animate-pulse" },
  connecting: { text: "text-muted bg-raised", dot: "bg-muted animate-pulse" },
  stale: { text: "text-warn bg-warn-soft", dot: "bg-warn" },
  reconnecting: { text: "text-warn bg-warn-soft", dot: "bg-warn animate-pulse" },
  away: { text: "text-bad bg-bad-soft", dot: "bg-bad" },
};

/** Whether the figures can be trusted right now, and how old they are. */
export function HealthBadge({ live }: { live: Live }) {
  const { t } = useTranslation();
  const now = useNow(500);
  const health = healthOf(live, now);
  const age = ageSeconds(live, now);
  const look = looks[health];
  return (
    <p className={cx("flex items-center gap-2.5 rounded-full px-4 py-2 text-sm font-bold", look.text)}>
      <span aria-hidden className={cx("size-2.5 rounded-full", look.dot)} />
      {/* Only the word is announced: the age changes every second. */}
      <span role="status">{t(`health.${health}`)}</span>
      {age !== null && (
        <span className="font-medium tabular-nums">
          {age === 0 ? t("health.now") : t("health.age", { count: age })}
        </span>
      )}
    </p>
  );
}
