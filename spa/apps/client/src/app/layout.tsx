import { languages, useLanguage } from "@anteroom/i18n";
import { Alert, LanguageSwitch, navItemStyle, Shell } from "@anteroom/ui";
import { Ticket, UserRound } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet, useLocation } from "react-router";
import { useSession } from "@/shared/session";
import { urls } from "@/shared/urls";
import { useOnline } from "./use-online";

/** What stands around every page. */
export function Layout() {
  const { t } = useTranslation(["app", "common"]);
  const online = useOnline();
  const { pathname } = useLocation();

  useEffect(() => {
    // A new page begins at its top, for the eye and for the screen reader.
    if (pathname) window.scrollTo(0, 0);
  }, [pathname]);

  return (
    <Shell home={urls.home} skipLabel={t("common:skip")} nav={<Nav />} footer={t("footer")}>
      {!online && (
        <Alert kind="warn" className="mb-6">
          {t("offline")}
        </Alert>
      )}
      <Outlet />
    </Shell>
  );
}

function Nav() {
  const { t } = useTranslation(["app", "common"]);
  const { language, setLanguage } = useLanguage();
  const { data: session } = useSession();
  const { pathname, search } = useLocation();

  return (
    <nav className="flex flex-wrap items-center gap-1">
      <NavLink to={urls.bookings} className={({ isActive }) => navItemStyle({ current: isActive })}>
        <Ticket aria-hidden size={17} />
        {t("nav.bookings")}
      </NavLink>
      <a
        className={navItemStyle()}
        href={session?.kind === "account" ? urls.account : urls.signIn(pathname + search)}
      >
        <UserRound aria-hidden size={17} />
        {session?.kind === "account" ? (session.name ?? t("nav.account")) : t("common:signIn")}
      </a>
      <LanguageSwitch
        label={t("common:language")}
        value={language}
        options={[...languages]}
        onChange={setLanguage}
      />
    </nav>
  );
}
