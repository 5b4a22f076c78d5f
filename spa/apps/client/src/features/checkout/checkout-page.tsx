import { isProblem } from "@anteroom/api";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { showQuery } from "@/shared/catalogue";
import { orderQuery } from "@/shared/orders";
import { usePageTitle } from "@/shared/page-title";
import { urls } from "@/shared/urls";
import { CheckoutView } from "./checkout-view";
import { Ended } from "./ended";
import { givePassBack, placedOrderQuery } from "./queries";

/** From held seats to tickets. */
export function CheckoutPage() {
  const { t } = useTranslation();
  const { hold = "" } = useParams();
  const navigate = useNavigate();
  const placed = useQuery(placedOrderQuery(hold));
  const id = placed.data?.id ?? "";
  // What placing answered is as old as the first visit of this page; the order itself is what counts.
  const order = useQuery({ ...orderQuery(id), enabled: placed.isSuccess });
  const show = useQuery({ ...showQuery(placed.data?.show ?? ""), enabled: placed.isSuccess });
  usePageTitle(t("checkout.title"));

  const paid = order.data?.state === "paid";
  const room = show.data?.room;
  useEffect(() => {
    if (!paid) return;
    if (room) void givePassBack(room);
    void navigate(urls.booking(id), { replace: true, state: { justPaid: true } });
  }, [paid, room, id, navigate]);

  if (placed.error) {
    if (isProblem(placed.error) && placed.error.status === 410) return <Ended show={undefined} />;
    return <Failed error={placed.error} onRetry={() => void placed.refetch()} />;
  }
  if (order.error && !order.data) return <Failed error={order.error} onRetry={() => void order.refetch()} />;
  if (!order.data || paid) return <Loading />;
  return <CheckoutView order={order.data} />;
}
