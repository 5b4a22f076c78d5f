import { Button, EmptyState, Skeleton } from "@anteroom/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { CalendarX2, SearchX } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { Failed } from "@/shared/ask-state";
import { showsQuery } from "@/shared/catalogue";
import { usePageTitle } from "@/shared/page-title";
import { Hero } from "./hero";
import { ShowCard } from "./show-card";

/** The shows on sale, with a search whose words live in the address. */
export function ShowListPage() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const words = params.get("q") ?? "";
  const {
    data: shows,
    error,
    refetch,
  } = useQuery({ ...showsQuery(words), placeholderData: keepPreviousData });
  usePageTitle(t("shows.title"));

  const search = (next: string) => setParams(next ? { q: next } : {}, { replace: true });

  return (
    <div className="grid gap-8">
      <Hero words={words} onSearch={search} />
      <section aria-labelledby="shows-title" className="grid gap-5">
        <div className="flex items-baseline justify-between gap-4">
          <h2 id="shows-title" className="text-xl font-bold">
            {t("shows.title")}
          </h2>
          <p role="status" className="text-sm text-muted">
            {shows && t("shows.found", { count: shows.length })}
          </p>
        </div>
        {error ? (
          <Failed error={error} onRetry={() => void refetch()} />
        ) : !shows ? (
          <div className={grid}>
            {["a", "b", "c"].map((key) => (
              <Skeleton key={key} className="h-90" />
            ))}
          </div>
        ) : shows.length > 0 ? (
          <ul className={grid}>
            {shows.map((show) => (
              <ShowCard key={show.slug} show={show} />
            ))}
          </ul>
        ) : words ? (
          <EmptyState
            icon={<SearchX aria-hidden size={36} />}
            title={t("shows.none", { words })}
            action={<Button onClick={() => search("")}>{t("shows.all")}</Button>}
          >
            {t("shows.noneHint")}
          </EmptyState>
        ) : (
          <EmptyState icon={<CalendarX2 aria-hidden size={36} />} title={t("shows.empty")} />
        )}
      </section>
    </div>
  );
}

const grid = "grid gap-6 sm:grid-cols-2 lg:grid-cols-3";
