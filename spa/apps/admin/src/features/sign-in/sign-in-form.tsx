import { admin, isProblem, unwrap } from "@anteroom/api";
import { Alert, Button, Field, Input } from "@anteroom/ui";
import { zodResolver } from "@hookform/resolvers/zod";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { sessionQuery } from "@/shared/session";
import { Failed } from "@/shared/states";
import { api } from "@/shared/urls";
import { z } from "@/shared/zod";

const credentials = z.object({
  email: z.string().trim().min(1, "signIn.emailMissing"),
  password: z.string().min(1, "signIn.passwordMissing"),
});
type Credentials = z.infer<typeof credentials>;

export function SignInForm() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm<Credentials>({
    resolver: zodResolver(credentials),
    defaultValues: { email: "", password: "" },
  });
  const signIn = useMutation({
    mutationFn: (body: Credentials) => unwrap(admin.POST(api.session, { body })),
    // The page sees the session and goes on to where the person wanted to be.
    onSuccess: (session) => client.setQueryData(sessionQuery.queryKey, session),
    onError: () => form.setFocus("password", { shouldSelect: true }),
  });
  const { email, password } = form.formState.errors;
  const wrong = isProblem(signIn.error) && signIn.error.status === 401;

  return (
    <form noValidate className="grid gap-4" onSubmit={form.handleSubmit((values) => signIn.mutate(values))}>
      <Field label={t("signIn.email")} error={email && t("signIn.emailMissing")}>
        {(control) => (
          <Input {...control} {...form.register("email")} type="email" autoComplete="username" autoFocus />
        )}
      </Field>
      <Field label={t("signIn.password")} error={password && t("signIn.passwordMissing")}>
        {(control) => (
          <Input
            {...control}
            {...form.register("password")}
            type="password"
            autoComplete="current-password"
          />
        )}
      </Field>
      {wrong && <Alert kind="bad">{t("signIn.wrong")}</Alert>}
      {signIn.isError && !wrong && <Failed error={signIn.error} />}
      <Button type="submit" size="lg" busy={signIn.isPending}>
        {t("signIn.submit")}
      </Button>
    </form>
  );
}
