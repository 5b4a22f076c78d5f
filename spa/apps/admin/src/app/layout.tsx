import { admin, unwrap } from "@anteroom/api";
import { useLanguage } from "@anteroom/i18n";
import { Badge, Button, navItemStyle, Shell } from "@anteroom/ui";
import { useMutation } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NavLink, Outlet } from "react-router";
import { Language } from "@/shared/language";
import { useCan, useSession } from "@/shared/session";
import { api, base, paths } from "@/shared/urls";

/** The frame of every page behind the sign-in: navigation by permission, who is signed in, sign out. */
export function Layout() {
  const { t } = useTranslation(["app", "common"]);
  const { language } = useLanguage();
  const session = useSession();
  const items = [
    { to: paths.rooms, label: t("live"), shown: useCan("room:read") },
    { to: paths.orders, label: t("orders"), shown: useCan("order:read") },
    { to: paths.audit, label: t("audit"), shown: useCan("audit:read") },
  ].filter((item) => item.shown);

  return (
    <Shell
      key={language}
      home={`${base}/`}
      area={t("area")}
      skipLabel={t("common:skip")}
      nav={
        <>
          <nav aria-label={t("area")} className="flex flex-wrap gap-1">
            {items.map((item) => (
              <NavLink
                key={item.to}
                to={item.to}
                className={({ isActive }) => navItemStyle({ current: isActive })}
              >
                {item.label}
              </NavLink>
            ))}
          </nav>
          <div className="flex items-center gap-2 px-2 text-sm">
            <span className="font-semibold" title={session.email}>
              {session.name}
            </span>
            <Badge tone="accent">{t(`role.${session.role}`)}</Badge>
          </div>
          <Language />
          <SignOut />
        </>
      }
    >
      <Outlet />
    </Shell>
  );
}

function SignOut() {
  const { t } = useTranslation(["app", "common"]);
  const signOut = useMutation({
    mutationFn: () => unwrap(admin.DELETE(api.session)),
    // A fresh page, so that nothing of this person's work stays in memory for the next one.
    onSuccess: () => location.assign(base + paths.signIn),
  });
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={t("common:signOut")}
      title={t("common:signOut")}
      busy={signOut.isPending}
      onClick={() => signOut.mutate()}
    >
      {!signOut.isPending && <LogOut aria-hidden size={18} />}
    </Button>
  );
}
