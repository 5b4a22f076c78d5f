import { useLanguage } from "@anteroom/i18n";
import { buttonStyle, Card } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { Armchair, CalendarDays, MapPin, Timer, UsersRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { showQuery } from "@/shared/catalogue";
import { usePageTitle } from "@/shared/page-title";
import type { Show } from "@/shared/types";
import { urls } from "@/shared/urls";
import { Poster } from "./poster";
import { SaleBadge } from "./sale-badge";
import { saleStatus } from "./show-status";

/** One show: what, when, where, the prices, and the way to the seats. */
export function ShowPage() {
  const { show: slug = "" } = useParams();
  const { data: show, error, refetch } = useQuery(showQuery(slug));
  const { text } = useLanguage();
  usePageTitle(show && text(show.title));

  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  return show ? <ShowDetails show={show} /> : <Loading />;
}

function ShowDetails({ show }: { show: Show }) {
  const { t } = useTranslation();
  const { text, date, duration } = useLanguage();
  const status = saleStatus(show, Date.now());
  return (
    <article className="grid gap-8 lg:grid-cols-[1fr_22rem]">
      <div className="grid content-start gap-6">
        <Link to={urls.home} className="w-fit text-sm font-semibold text-muted hover:text-ink">
          ← {t("show.allShows")}
        </Link>
        <Poster
          seed={show.slug}
          colours={show.bands.map((band) => band.colour)}
          className="h-52 rounded-card sm:h-72"
        />
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="font-display text-3xl font-bold text-balance sm:text-4xl">{text(show.title)}</h1>
          <SaleBadge show={show} />
        </div>
        <p className="max-w-prose whitespace-pre-line text-muted">{text(show.description)}</p>
        <dl className="grid gap-4 sm:grid-cols-2">
          <Fact icon={<CalendarDays aria-hidden size={20} />} name={t("show.when")}>
            <time dateTime={show.starts_at}>{date(show.starts_at, "dateTimeZone", show.time_zone)}</time>
            <span className="block text-sm text-muted">{t("show.atVenue")}</span>
          </Fact>
          <Fact icon={<MapPin aria-hidden size={20} />} name={t("show.where")}>
            {text(show.venue)}
            <span className="block text-sm text-muted">{text(show.city)}</span>
          </Fact>
        </dl>
      </div>
      <Card className="grid h-fit gap-5 lg:sticky lg:top-6">
        <h2 className="text-lg font-bold">{t("show.bands")}</h2>
        <Prices show={show} />
        {status === "open" || status === "few" ? (
          <a href={urls.seats(show.slug)} className={buttonStyle({ size: "lg" })}>
            <Armchair aria-hidden size={20} />
            {t("show.choose")}
          </a>
        ) : (
          <SaleBadge show={show} />
        )}
        {status === "sold-out" && show.waiting_list && (
          <a href={urls.seats(show.slug)} className={buttonStyle({ variant: "secondary" })}>
            {t("list.join")}
          </a>
        )}
        <ul className="grid gap-2 text-sm text-muted">
          <li className="flex gap-2">
            <UsersRound aria-hidden size={16} className="mt-0.5 shrink-0" />
            {t("show.rules", { count: show.max_per_buyer })}
          </li>
          <li className="flex gap-2">
            <Timer aria-hidden size={16} className="mt-0.5 shrink-0" />
            {t("show.holdFor", { time: duration(show.hold_seconds * 1000) })}
          </li>
        </ul>
        <p className="border-t border-line pt-4 text-sm text-muted">{t("show.queueHint")}</p>
      </Card>
    </article>
  );
}

function Prices({ show }: { show: Show }) {
  const { text, money } = useLanguage();
  return (
    <ul className="grid gap-3">
      {show.bands.map((band) => (
        <li key={band.id} className="flex items-center gap-3">
          <span aria-hidden className="size-3.5 rounded-full" style={{ background: band.colour }} />
          <span className="flex-1">{text(band.name)}</span>
          <strong className="tabular-nums">{money(band.price)}</strong>
        </li>
      ))}
    </ul>
  );
}

function Fact({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <span className="mt-0.5 text-accent">{icon}</span>
      <div>
        <dt className="text-sm font-semibold text-muted">{name}</dt>
        <dd className="font-semibold">{children}</dd>
      </div>
    </div>
  );
}
