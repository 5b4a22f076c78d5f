import { Input } from "@anteroom/ui";
import { Search } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const pauseMs = 300;

/** The greeting, and the search: it looks when the reader stops typing. */
export function Hero({ words, onSearch }: { words: string; onSearch: (words: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(words);

  useEffect(() => setTyped(words), [words]);
  useEffect(() => {
    if (typed.trim() === words) return;
    const timer = setTimeout(() => onSearch(typed.trim()), pauseMs);
    return () => clearTimeout(timer);
  }, [typed, words, onSearch]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(typed.trim());
  };

  return (
    <section className="grid gap-5 py-6 sm:py-10">
      <h1 className="max-w-2xl font-display text-4xl leading-tight font-bold tracking-tight text-balance sm:text-5xl">
        {t("tagline")}
      </h1>
      <p className="max-w-xl text-lg text-muted">{t("heroText")}</p>
      <search>
        <form onSubmit={submit} className="relative max-w-xl">
          <Search aria-hidden size={20} className="absolute top-4 left-5 text-muted" />
          <Input
            type="search"
            name="q"
            maxLength={100}
            aria-label={t("shows.search")}
            placeholder={t("shows.search")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="h-13 rounded-full pl-13 text-base shadow-card"
          />
        </form>
      </search>
    </section>
  );
}
