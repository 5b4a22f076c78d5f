import { useLanguage } from "@anteroom/i18n";
import { Card } from "@anteroom/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDuration } from "@/shared/use-duration";
import { drainSeconds } from "./changes";
import type { Room } from "./live";
import { Meter } from "./meter";

/** The four numbers an operator looks at, large. */
export function Figures({ room: { live, policy } }: { room: Room }) {
  const { t } = useTranslation();
  const { count } = useLanguage();
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Figure label={t("figures.waiting")} value={count(live.waiting)}>
        <Drain live={live} policy={policy} />
      </Figure>
      <Figure label={t("figures.active")} value={count(live.active)}>
        <Limit value={live.active} most={policy.max_active} field="max_active" />
      </Figure>
      <Figure label={t("figures.admitted")} value={count(live.admitted_last_minute)}>
        <Limit value={live.admitted_last_minute} most={policy.rate_per_minute} field="rate_per_minute" />
      </Figure>
      <Figure label={t("figures.line")} value={count(live.serving)}>
        <span>{t("figures.lineText", { serving: count(live.serving), issued: count(live.issued) })}</span>
      </Figure>
    </dl>
  );
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <Card className="grid content-start gap-1 p-4">
      <dt className="text-sm font-semibold text-muted">{label}</dt>
      <dd className="text-3xl leading-tight sm:text-4xl font-extrabold tracking-tight tabular-nums">
        {value}
      </dd>
      <dd className="grid gap-1.5 text-sm text-muted tabular-nums">{children}</dd>
    </Card>
  );
}

function Limit({
  value,
  most,
  field,
}: {
  value: number;
  most: number;
  field: "max_active" | "rate_per_minute";
}) {
  const { t } = useTranslation();
  const { count } = useLanguage();
  const percent = Math.round((value / Math.max(most, 1)) * 100);
  return (
    <>
      <Meter value={value} most={most} />
      <span>{t("figures.percent", { percent, most: t(`unit.${field}`, { most: count(most) }) })}</span>
    </>
  );
}

/** How long those who wait now will take. */
function Drain({ live, policy }: Pick<Room, "live" | "policy">) {
  const { t } = useTranslation();
  const duration = useDuration();
  if (live.phase === "hold" || live.phase === "closed" || live.phase === "prequeue")
    return <span>{t("figures.notAdmitting")}</span>;
  if (live.waiting === 0) return <span>{t("figures.noDrain")}</span>;
  const time = duration(drainSeconds(live.waiting, policy.rate_per_minute));
  return <span>{t("figures.drain", { time })}</span>;
}
