import { useProblemText } from "@anteroom/i18n";
import { Alert, Badge, Button, buttonStyle, Card, Spinner, useToast } from "@anteroom/ui";
import { LogOut, Ticket, UserRoundPlus } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { useSession, useSignOut } from "@/shared/session";
import { routes, shop } from "@/shared/urls";

/** Who is signed in, and the way out. */
export function AccountPage() {
  const { t } = useTranslation(["app", "common"]);
  const say = useProblemText();
  const toast = useToast();
  const { data: session, error, refetch } = useSession();
  const signOut = useSignOut();

  useEffect(() => {
    document.title = `${t("me")} · Anteroom`;
  }, [t]);

  if (error) {
    return (
      <Alert kind="bad" action={<Button onClick={() => void refetch()}>{t("common:retry")}</Button>}>
        {say(error)}
      </Alert>
    );
  }
  if (session === undefined) return <Spinner label={t("common:loading")} className="py-20" />;
  if (session === null) return <Navigate to={routes.signIn} replace />;

  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => toast(t("signedOut"), "good"),
      onError: (problem) => toast(say(problem), "bad"),
    });

  return (
    <div className="mx-auto grid max-w-md gap-5 py-4 sm:py-10">
      <Card className="grid gap-6 p-7">
        <h1 className="font-display text-3xl font-bold">{t("me")}</h1>
        <div>
          <p className="flex items-center gap-2 text-lg font-semibold">
            {session.name ?? session.email}
            {session.kind === "guest" && <Badge>{t("guest")}</Badge>}
          </p>
          {session.name && <p className="text-muted">{session.email}</p>}
        </div>
        <div className="grid gap-2">
          <a className={buttonStyle()} href={shop.bookings}>
            <Ticket aria-hidden size={18} />
            {t("bookings")}
          </a>
          {session.kind === "guest" && (
            <Link className={buttonStyle({ variant: "secondary" })} to={routes.signUp}>
              <UserRoundPlus aria-hidden size={18} />
              {t("makeAccount")}
            </Link>
          )}
          <Button variant="secondary" busy={signOut.isPending} onClick={leave}>
            <LogOut aria-hidden size={18} />
            {t("common:signOut")}
          </Button>
        </div>
      </Card>
    </div>
  );
}
