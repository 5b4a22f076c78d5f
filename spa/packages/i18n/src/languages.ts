/** The languages of the web apps, the first being the default. */
export const languages = [
  { value: "ko", label: "한국어" },
  { value: "en", label: "English" },
] as const;

export type Language = (typeof languages)[number]["value"];

const cookie = "an_lang";
const yearSeconds = 365 * 24 * 3600;

/** Whether a string names one of our languages. */
export function isLanguage(value: string | undefined): value is Language {
  return languages.some((language) => language.value === value);
}

/**
 * Chooses a language: what the reader chose before, else the first of the browser's languages that is ours, else Korean.
 * @param cookies the text of document.cookie
 * @param preferred the browser's languages, best first, such as "en-GB"
 */
export function chooseLanguage(cookies: string, preferred: readonly string[]): Language {
  const kept = cookies
    .split("; ")
    .find((part) => part.startsWith(`${cookie}=`))
    ?.slice(cookie.length + 1);
  if (isLanguage(kept)) return kept;
  return preferred.map((tag) => tag.split("-")[0]).find(isLanguage) ?? languages[0].value;
}

/** Keeps the choice in a cookie, so that the waiting page, which no app draws, can speak the same language. */
export function keepLanguage(language: Language): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
  document.cookie = `${cookie}=${language}; Path=/; Max-Age=${yearSeconds}; SameSite=Lax`;
}
