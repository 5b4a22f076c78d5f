import { useLanguage, useProblemText } from "@anteroom/i18n";
import { Alert, Button, buttonStyle, Card, EmptyState, Spinner, useToast } from "@anteroom/ui";
import { useQueryClient } from "@tanstack/react-query";
import { CircleX } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useCountdown } from "@/shared/clock";
import { orderQuery, useCancelOrder } from "@/shared/orders";
import type { Order } from "@/shared/types";
import { urls } from "@/shared/urls";
import { Countdown } from "./countdown";
import { Ended } from "./ended";
import { OrderLines } from "./order-lines";
import { PayForm } from "./pay-form";

/** An order that is not paid yet, in each of its states. */
export function CheckoutView({ order }: { order: Order }) {
  const { t } = useTranslation();
  const { text, date } = useLanguage();
  const pending = order.state === "pending";
  const left = useCountdown(pending ? order.pay_by : undefined);
  useAskWhenOver(order.id, pending && left === 0);

  if (order.state === "expired" || (pending && left === 0)) return <Ended show={order.show} />;
  if (order.state === "cancelled") {
    return (
      <EmptyState
        icon={<CircleX aria-hidden size={36} />}
        title={t("checkout.cancelled")}
        action={
          <a className={buttonStyle()} href={urls.seats(order.show)}>
            {t("checkout.again")}
          </a>
        }
      >
        {order.outcome === "seats-lost" && t("checkout.seatsLost")}
      </EmptyState>
    );
  }
  return (
    <div className="mx-auto grid max-w-4xl gap-6 md:grid-cols-[1fr_20rem]">
      <section className="grid content-start gap-5">
        <h1 className="font-display text-3xl font-bold">{t("checkout.title")}</h1>
        {left !== undefined && <Countdown left={left} />}
        {pending ? (
          <Card className="grid gap-5">
            <PayForm order={order} />
          </Card>
        ) : (
          <Confirming order={order} />
        )}
        {pending && <GiveBack order={order} />}
      </section>
      <Card className="grid h-fit gap-4">
        <div>
          <p className="text-sm text-muted">{t("checkout.summary", { reference: order.reference })}</p>
          <h2 className="font-display text-xl font-bold">{text(order.title)}</h2>
          <p className="text-sm text-muted">
            {date(order.starts_at, "dateTime", order.time_zone)}
            <br />
            {text(order.venue)}
          </p>
        </div>
        <OrderLines order={order} />
      </Card>
    </div>
  );
}

/** The payment is under way; the bank may want the buyer to say yes first. */
function Confirming({ order }: { order: Order }) {
  const { t } = useTranslation();
  if (order.action_url) {
    return (
      <Alert title={t("checkout.bankAsks")}>
        <p>{t("checkout.bankAsksText")}</p>
        <a className={buttonStyle({ className: "mt-3" })} href={order.action_url}>
          {t("checkout.toBank")}
        </a>
      </Alert>
    );
  }
  return (
    <Alert title={t("checkout.confirming")} action={<Spinner />}>
      {t("checkout.confirmingText")}
    </Alert>
  );
}

/** When our countdown ends, the service is asked what became of the order: a payment may have come in just in time. */
function useAskWhenOver(order: string, over: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: orderQuery(order).queryKey });
  }, [client, order, over]);
}

function GiveBack({ order }: { order: Order }) {
  const { t } = useTranslation();
  const say = useProblemText();
  const toast = useToast();
  const navigate = useNavigate();
  const cancel = useCancelOrder(order.id);
  const giveBack = () =>
    cancel.mutate(undefined, {
      onSuccess: () => void navigate(urls.show(order.show)),
      onError: (error) => toast(say(error), "bad"),
    });
  return (
    <Button variant="ghost" className="w-fit text-muted" busy={cancel.isPending} onClick={giveBack}>
      {t("checkout.giveBack")}
    </Button>
  );
}
