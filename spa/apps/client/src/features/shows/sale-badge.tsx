import { useLanguage } from "@anteroom/i18n";
import { Badge } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import type { Show } from "@/shared/types";
import { saleStatus } from "./show-status";

/** A word on whether seats can be had. */
export function SaleBadge({ show }: { show: Show }) {
  const { t } = useTranslation();
  const { count, date } = useLanguage();
  switch (saleStatus(show, Date.now())) {
    case "soon":
      return (
        <Badge tone="accent">
          {t("shows.soon", { date: date(show.on_sale_at, "dateTime", show.time_zone) })}
        </Badge>
      );
    case "few":
      return (
        <Badge tone="warn">
          {t("shows.few")} · {t("shows.available", { seats: count(show.seats_available) })}
        </Badge>
      );
    case "sold-out":
      return <Badge tone="bad">{t("shows.soldOut")}</Badge>;
    case "over":
      return <Badge>{t("shows.over")}</Badge>;
    case "open":
      return <Badge tone="good">{t("shows.available", { seats: count(show.seats_available) })}</Badge>;
  }
}
