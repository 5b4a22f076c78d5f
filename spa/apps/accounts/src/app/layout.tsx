import { languages, useLanguage } from "@anteroom/i18n";
import { LanguageSwitch, navItemStyle, Shell } from "@anteroom/ui";
import { useTranslation } from "react-i18next";
import { Outlet } from "react-router";
import { shop } from "@/shared/urls";

/** What stands around every page. */
export function Layout() {
  const { t } = useTranslation(["app", "common"]);
  const { language, setLanguage } = useLanguage();
  const nav = (
    <nav className="flex items-center gap-1">
      <a className={navItemStyle()} href={shop.home}>
        {t("shop")}
      </a>
      <LanguageSwitch
        label={t("common:language")}
        value={language}
        options={[...languages]}
        onChange={setLanguage}
      />
    </nav>
  );
  return (
    <Shell home={shop.home} area={t("area")} skipLabel={t("common:skip")} nav={nav}>
      <Outlet />
    </Shell>
  );
}
