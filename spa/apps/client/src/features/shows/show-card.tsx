import { useLanguage } from "@anteroom/i18n";
import { CalendarDays, MapPin } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Show } from "@/shared/types";
import { urls } from "@/shared/urls";
import { Poster } from "./poster";
import { SaleBadge } from "./sale-badge";
import { fromPrice } from "./show-status";

/** A show in the list; all of it is the link. */
export function ShowCard({ show }: { show: Show }) {
  const { t } = useTranslation();
  const { text, date, money } = useLanguage();
  const price = fromPrice(show);
  return (
    <li className="group relative flex flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card transition-transform hover:-translate-y-0.5">
      <Poster seed={show.slug} colours={show.bands.map((band) => band.colour)} className="h-40" />
      <div className="flex flex-1 flex-col gap-3 p-5">
        <h3 className="font-display text-xl leading-snug font-bold">
          <Link to={urls.show(show.slug)} className="after:absolute after:inset-0 after:rounded-card">
            {text(show.title)}
          </Link>
        </h3>
        <p className="flex items-start gap-2 text-sm text-muted">
          <CalendarDays aria-hidden size={16} className="mt-0.5 shrink-0" />
          <time dateTime={show.starts_at}>{date(show.starts_at, "dateTime", show.time_zone)}</time>
        </p>
        <p className="flex items-start gap-2 text-sm text-muted">
          <MapPin aria-hidden size={16} className="mt-0.5 shrink-0" />
          {text(show.venue)}, {text(show.city)}
        </p>
        <div className="mt-auto flex flex-wrap items-center justify-between gap-2 pt-2">
          <SaleBadge show={show} />
          {price && (
            <p className="text-sm text-muted">
              {t("shows.from")} <strong className="text-base text-ink tabular-nums">{money(price)}</strong>
            </p>
          )}
        </div>
      </div>
    </li>
  );
}
