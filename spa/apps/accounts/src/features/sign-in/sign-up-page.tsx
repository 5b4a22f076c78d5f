import { isProblem } from "@anteroom/api";
import { useProblemText } from "@anteroom/i18n";
import { Alert, Button } from "@anteroom/ui";
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FormField } from "@/shared/form-field";
import { useSession, useSignUp } from "@/shared/session";
import { routes } from "@/shared/urls";
import { useReturnPath } from "@/shared/use-return-path";
import { Frame } from "./frame";
import { type FieldMessage, signUpSchema } from "./schemas";

/** Makes an account; a guest's bookings move into it. */
export function SignUpPage() {
  const { t } = useTranslation(["app", "common"]);
  const say = useProblemText();
  const { to, query } = useReturnPath();
  const { data: session } = useSession();
  const signUp = useSignUp();
  const form = useForm({
    resolver: zodResolver(signUpSchema),
    defaultValues: { name: "", email: "", password: "" },
    values: session?.kind === "guest" ? { name: "", email: session.email, password: "" } : undefined,
    resetOptions: { keepDirtyValues: true },
  });
  const problem = signUp.error;
  // What the form found wrong, else what the service said of that field.
  const message = (name: "name" | "email" | "password") => {
    const key = form.formState.errors[name]?.message;
    return key ? t(key as FieldMessage) : isProblem(problem) ? problem.field(name) : undefined;
  };
  const submit = form.handleSubmit((who) =>
    signUp.mutate(who, { onSuccess: () => window.location.assign(to) }),
  );

  return (
    <Frame
      title={t("signUpTitle")}
      below={
        <>
          {t("haveAccount")}{" "}
          <Link className="font-semibold text-accent underline" to={routes.signIn + query}>
            {t("common:signIn")}
          </Link>
        </>
      }
    >
      {session?.kind === "guest" && <Alert>{t("guestNote", { email: session.email })}</Alert>}
      <form noValidate onSubmit={submit} className="grid gap-4">
        <FormField
          label={t("name")}
          error={message("name")}
          registered={form.register("name")}
          input={{ autoComplete: "name", maxLength: 100 }}
        />
        <FormField
          label={t("email")}
          error={message("email")}
          registered={form.register("email")}
          input={{ type: "email", autoComplete: "username", maxLength: 254 }}
        />
        <FormField
          label={t("password")}
          hint={t("passwordHint")}
          error={message("password")}
          registered={form.register("password")}
          input={{ type: "password", autoComplete: "new-password", maxLength: 200 }}
        />
        {problem && <Alert kind="bad">{say(problem)}</Alert>}
        <Button type="submit" size="lg" busy={signUp.isPending || signUp.isSuccess}>
          {t("signUp")}
        </Button>
      </form>
    </Frame>
  );
}
