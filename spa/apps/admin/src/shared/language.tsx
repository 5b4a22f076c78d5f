import { languages, useLanguage } from "@anteroom/i18n";
import { LanguageSwitch } from "@anteroom/ui";
import { useTranslation } from "react-i18next";

/** The language of the page, for the person to choose. */
export function Language() {
  const { t } = useTranslation(["app", "common"]);
  const { language, setLanguage } = useLanguage();
  return (
    <LanguageSwitch
      label={t("common:language")}
      value={language}
      options={[...languages]}
      onChange={setLanguage}
    />
  );
}
