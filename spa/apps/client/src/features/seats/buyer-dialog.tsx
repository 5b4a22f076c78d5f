import { useProblemText } from "@anteroom/i18n";
import { Alert, Button, buttonStyle, Dialog, Field, Input } from "@anteroom/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStartGuest } from "@/shared/session";
import { urls } from "@/shared/urls";

interface Props {
  open: boolean;
  /** Where signing in comes back to. */
  backTo: string;
  onClose: () => void;
  /** A guest's session has begun. */
  onReady: () => void;
}

/** Asks who is buying, when it first matters: a guest with an e-mail address, or an account. */
export function BuyerDialog({ open, backTo, onClose, onReady }: Props) {
  const { t } = useTranslation(["app", "common"]);
  const say = useProblemText();
  const guest = useStartGuest();
  const [email, setEmail] = useState("");
  const [bad, setBad] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    // Only what is surely wrong is refused here; the service decides.
    setBad(!/^\S+@\S+$/.test(address));
    if (/^\S+@\S+$/.test(address)) guest.mutate(address, { onSuccess: onReady });
  };

  return (
    <Dialog open={open} onClose={onClose} title={t("buyer.title")} closeLabel={t("common:close")}>
      <form noValidate onSubmit={submit} className="grid gap-4">
        <Field label={t("buyer.email")} hint={t("buyer.emailHint")} error={bad && t("buyer.emailBad")}>
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="email"
              maxLength={254}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        {guest.error && <Alert kind="bad">{say(guest.error)}</Alert>}
        <Button type="submit" busy={guest.isPending}>
          {t("buyer.guest")}
        </Button>
      </form>
      <p className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t("buyer.or")}
      </p>
      <div className="grid gap-2 sm:grid-cols-2">
        <a className={buttonStyle({ variant: "secondary" })} href={urls.signIn(backTo)}>
          {t("buyer.signIn")}
        </a>
        <a className={buttonStyle({ variant: "secondary" })} href={urls.signUp(backTo)}>
          {t("buyer.signUp")}
        </a>
      </div>
    </Dialog>
  );
}
