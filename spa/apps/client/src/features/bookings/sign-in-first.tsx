import { buttonStyle, EmptyState } from "@anteroom/ui";
import { UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { urls } from "@/shared/urls";

/** Stands where only a buyer can look. */
export function SignInFirst() {
  const { t } = useTranslation(["app", "common"]);
  const { pathname } = useLocation();
  return (
    <EmptyState
      icon={<UserRound aria-hidden size={36} />}
      title={t("bookings.signInTitle")}
      action={
        <a className={buttonStyle()} href={urls.signIn(pathname)}>
          {t("common:signIn")}
        </a>
      }
    />
  );
}
