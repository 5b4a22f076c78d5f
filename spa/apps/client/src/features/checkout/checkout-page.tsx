import { isProblem } from "@anteroom/api";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { Failed, Loading } from "@/shared/ask-state";
import { Ended } from "./ended";
import { PayOrder } from "./pay-order";
import { placedOrderQuery } from "./queries";

/** Turns held seats into an order, and lets it be paid. */
export function CheckoutPage() {
  const { hold = "" } = useParams();
  const { data: order, error, refetch } = useQuery(placedOrderQuery(hold));
  if (isProblem(error) && error.status === 410) return <Ended show={undefined} />;
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  return order ? <PayOrder id={order.id} /> : <Loading />;
}
