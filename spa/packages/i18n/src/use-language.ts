import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatCount, formatDate, formatDuration, formatMoney } from "./format";
import { isLanguage, type Language, languages } from "./languages";

/** The chosen language, with everything that is written differently in each. */
export function useLanguage() {
  const { i18n } = useTranslation();
  const language: Language = isLanguage(i18n.language) ? i18n.language : languages[0].value;
  return useMemo(
    () => ({
      language,
      setLanguage: (chosen: Language) => void i18n.changeLanguage(chosen),
      /** The text of a pair in both languages. */
      text: (pair: { en: string; ko: string }) => pair[language] || pair.en,
      money: (money: Parameters<typeof formatMoney>[0]) => formatMoney(money, language),
      count: (count: number) => formatCount(count, language),
      date: (iso: string, style?: Parameters<typeof formatDate>[2], timeZone?: string) =>
        formatDate(iso, language, style, timeZone),
      duration: formatDuration,
    }),
    [i18n, language],
  );
}
