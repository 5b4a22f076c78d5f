import { useProblemText } from "@anteroom/i18n";
import { Alert, Button } from "@anteroom/ui";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FormField } from "@/shared/form-field";
import { useSignIn } from "@/shared/session";
import { routes } from "@/shared/urls";
import { useReturnPath } from "@/shared/use-return-path";
import { Frame } from "./frame";
import { type FieldMessage, signInSchema } from "./schemas";

/** Signs a buyer in, then goes on to where they came from. */
export function SignInPage() {
  const { t } = useTranslation(["app", "common"]);
  const say = useProblemText();
  const { to, query } = useReturnPath();
  const signIn = useSignIn();
  const form = useForm({ resolver: zodResolver(signInSchema), defaultValues: { email: "", password: "" } });
  const errors = form.formState.errors;
  const message = (key?: string) => key && t(key as FieldMessage);

  // A full load: the way on may lead to another app, and through the gate.
  const submit = form.handleSubmit((who) =>
    signIn.mutate(who, { onSuccess: () => window.location.assign(to) }),
  );

  return (
    <Frame
      title={t("signInTitle")}
      below={
        <>
          {t("noAccount")}{" "}
          <Link className="font-semibold text-accent underline" to={routes.signUp + query}>
            {t("signUp")}
          </Link>
        </>
      }
    >
      <form noValidate onSubmit={submit} className="grid gap-4">
        <FormField
          label={t("email")}
          error={message(errors.email?.message)}
          registered={form.register("email")}
          input={{ type: "email", autoComplete: "username", maxLength: 254 }}
        />
        <FormField
          label={t("password")}
          error={message(errors.password?.message)}
          registered={form.register("password")}
          input={{ type: "password", autoComplete: "current-password", maxLength: 200 }}
        />
        {signIn.error && <Alert kind="bad">{say(signIn.error)}</Alert>}
        <Button type="submit" size="lg" busy={signIn.isPending || signIn.isSuccess}>
          {t("common:signIn")}
        </Button>
      </form>
    </Frame>
  );
}
