import { isProblem } from "@anteroom/api";
import { useLanguage, useProblemText } from "@anteroom/i18n";
import { Alert, Button, Field, Input } from "@anteroom/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CreditCard } from "lucide-react";
import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { orderQuery, useKeepOrder } from "@/shared/orders";
import type { Order } from "@/shared/types";
import { PaymentAttempt } from "./attempt";
import { cardDigits, isCardNumber } from "./card-number";
import { payOrder } from "./queries";

const goodCard = "4242 4242 4242 4242";

/** The card of the simulated provider. */
export function PayForm({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { money } = useLanguage();
  const say = useProblemText();
  const client = useQueryClient();
  const keep = useKeepOrder();
  const attempt = useMemo(() => new PaymentAttempt(order.id, sessionStorage), [order.id]);
  const [card, setCard] = useState(goodCard);
  const [bad, setBad] = useState(false);

  const pay = useMutation({
    mutationFn: (digits: string) => payOrder(order.id, digits, attempt.key(digits)),
    onSuccess: (paid) => {
      attempt.ended();
      keep(paid);
    },
    onError: (error) => {
      attempt.ended(error);
      // Declined: the order stays as it is. Anything else may have moved it on.
      if (!isProblem(error, "payment-declined")) {
        void client.invalidateQueries({ queryKey: orderQuery(order.id).queryKey });
      }
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const digits = cardDigits(card);
    setBad(!isCardNumber(digits));
    if (isCardNumber(digits)) pay.mutate(digits);
  };
  const inFlight = isProblem(pay.error, "idempotency-key-in-flight");

  return (
    <form noValidate onSubmit={submit} className="grid gap-5">
      <Field label={t("checkout.card")} hint={t("checkout.cardHint")} error={bad && t("checkout.cardBad")}>
        {(control) => (
          <Input
            {...control}
            name="card"
            inputMode="numeric"
            autoComplete="off"
            maxLength={24}
            value={card}
            onChange={(event) => setCard(event.target.value)}
            className="font-mono tracking-wider tabular-nums"
          />
        )}
      </Field>
      {pay.error && (
        <Alert kind={inFlight ? "info" : "bad"}>{inFlight ? t("checkout.inFlight") : say(pay.error)}</Alert>
      )}
      <Button type="submit" size="lg" busy={pay.isPending}>
        <CreditCard aria-hidden size={20} />
        {t("checkout.pay", { amount: money(order.total) })}
      </Button>
    </form>
  );
}
