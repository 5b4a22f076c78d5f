import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { commonEn, commonKo } from "./common";
import { chooseLanguage, keepLanguage, type Language } from "./languages";

/** A tree of messages; both languages of an app have the same shape. */
export interface Messages {
  [key: string]: string | Messages;
}

/** Starts the translation of an app. Call it once, before the first render. */
export function setUpI18n<M extends Messages>(app: Record<Language, M>): void {
  const language = chooseLanguage(document.cookie, navigator.languages);
  document.documentElement.lang = language;
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    defaultNS: "app",
    resources: { ko: { app: app.ko, common: commonKo }, en: { app: app.en, common: commonEn } },
    interpolation: { escapeValue: false }, // React escapes.
    initAsync: false,
  });
  i18next.on("languageChanged", (chosen) => {
    document.documentElement.lang = chosen;
    keepLanguage(chosen as Language);
  });
}
