import { useLanguage } from "@anteroom/i18n";
import { Badge } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Room } from "./live";
import { ModeBadge } from "./mode-badge";

/** What the room does just now, and by which method: what is the ordinary is left out. */
export function StateBadges({ room: { policy, live } }: { room: Room }) {
  const { t } = useTranslation();
  const { count } = useLanguage();
  const advised = live.rate_advised ?? policy.rate_per_minute;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ModeBadge mode={policy.mode} />
      {live.phase !== policy.mode && (
        <Badge tone={live.phase === "closed" ? "bad" : "warn"}>
          {t("line.now", { phase: t(live.phase === "prequeue" ? "line.prequeue" : `mode.${live.phase}`) })}
        </Badge>
      )}
      {live.ended && <Badge tone="bad">{t(`line.ended.${live.ended}`)}</Badge>}
      {policy.method !== "fifo" && <Badge>{t(`method.${policy.method}`)}</Badge>}
      {live.draw && <Badge tone="accent">{t(`line.draw.${live.draw}`)}</Badge>}
      {advised < policy.rate_per_minute && (
        <Badge tone="warn">
          {t(policy.adaptive?.stage === "enforce" ? "line.slowed" : "line.advised", { rate: count(advised) })}
          {live.rate_why && ` (${live.rate_why})`}
        </Badge>
      )}
      {policy.method === "passthrough" && (
        <Badge tone="warn">{t("line.wouldQueue", { count: live.would_queue })}</Badge>
      )}
    </div>
  );
}
