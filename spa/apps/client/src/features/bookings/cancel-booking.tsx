import { useLanguage, useProblemText } from "@anteroom/i18n";
import { Alert, Button, Dialog, useToast } from "@anteroom/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCancelOrder } from "@/shared/orders";
import type { Order } from "@/shared/types";

/** Cancels a booking, after saying what that means. */
export function CancelBooking({ order }: { order: Order }) {
  const { t } = useTranslation(["app", "common"]);
  const { money } = useLanguage();
  const say = useProblemText();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const cancel = useCancelOrder(order.id);

  const confirm = () =>
    cancel.mutate(undefined, {
      onSuccess: () => {
        setAsking(false);
        toast(t("ticket.cancelled"), "good");
      },
    });

  return (
    <>
      <Button variant="ghost" className="text-bad" onClick={() => setAsking(true)}>
        {t("ticket.cancel")}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("ticket.cancelTitle")}
        closeLabel={t("common:close")}
        footer={
          <>
            <Button variant="secondary" onClick={() => setAsking(false)}>
              {t("ticket.keep")}
            </Button>
            <Button variant="danger" busy={cancel.isPending} onClick={confirm}>
              {t("ticket.cancel")}
            </Button>
          </>
        }
      >
        <p className="text-muted">
          {order.state === "paid"
            ? t("ticket.cancelText", { reference: order.reference, amount: money(order.total) })
            : t("ticket.cancelPendingText", { reference: order.reference })}
        </p>
        {cancel.error && <Alert kind="bad">{say(cancel.error)}</Alert>}
      </Dialog>
    </>
  );
}
