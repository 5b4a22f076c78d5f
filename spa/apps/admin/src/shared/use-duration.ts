import { useTranslation } from "react-i18next";

/** Gives a function that says a span of seconds in words: "5 h 34 min". */
export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    if (seconds < 60) return t("duration.seconds", { s: seconds });
    if (seconds < 3600) return t("duration.minutes", { m: Math.floor(seconds / 60), s: seconds % 60 });
    return t("duration.hours", { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
  };
}
