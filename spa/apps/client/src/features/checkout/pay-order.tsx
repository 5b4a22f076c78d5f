import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { showQuery } from "@/shared/catalogue";
import { orderQuery } from "@/shared/orders";
import { usePageTitle } from "@/shared/page-title";
import { urls } from "@/shared/urls";
import { CheckoutView } from "./checkout-view";
import { givePassBack } from "./queries";

/** An order until it is paid; then the tickets. */
export function PayOrder({ id }: { id: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // Asked for anew, whatever placing it answered: that answer is as old as the first visit of the page.
  const order = useQuery(orderQuery(id));
  const show = useQuery({ ...showQuery(order.data?.show ?? ""), enabled: order.isSuccess });
  usePageTitle(t("checkout.title"));

  const paid = order.data?.state === "paid";
  const room = show.data?.room;
  // The catalogue is asked only for the name of the room; when it does not answer, the tickets do not wait for it.
  const settled = paid && !show.isPending;
  useEffect(() => {
    if (!settled) return;
    if (room) void givePassBack(room);
    void navigate(urls.booking(id), { replace: true, state: { justPaid: true } });
  }, [settled, room, id, navigate]);

  if (order.error && !order.data) return <Failed error={order.error} onRetry={() => void order.refetch()} />;
  if (!order.data || paid) return <Loading />;
  return <CheckoutView order={order.data} />;
}
