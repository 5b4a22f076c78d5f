import { Card, Logo } from "@anteroom/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { Language } from "@/shared/language";
import { safeReturnPath } from "@/shared/return-path";
import { sessionQuery } from "@/shared/session";
import { returnParameter } from "@/shared/urls";
import { SignInForm } from "./sign-in-form";

/** Where staff sign in; who is signed in already goes on at once. */
export function SignInPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const session = useQuery(sessionQuery);
  if (session.data) return <Navigate to={safeReturnPath(search.get(returnParameter))} replace />;
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-6 px-4 py-10">
      <title>{`${t("signIn.title")} · Anteroom`}</title>
      <div className="flex items-center justify-between">
        <span className="flex items-center gap-2.5 text-lg font-extrabold tracking-tight">
          <Logo size={34} />
          Anteroom
          <span className="text-sm font-semibold text-muted">{t("area")}</span>
        </span>
        <Language />
      </div>
      <Card className="grid gap-5 p-7">
        <div>
          <h1 className="text-xl font-extrabold tracking-tight">{t("signIn.title")}</h1>
          <p className="mt-1 text-sm text-muted">{t("signIn.text")}</p>
        </div>
        <SignInForm />
      </Card>
    </main>
  );
}
