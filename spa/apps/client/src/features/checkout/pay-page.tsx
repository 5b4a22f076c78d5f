import { useParams } from "react-router";
import { PayOrder } from "./pay-order";

/** Pays an order that was placed before: the way back to it from the list of bookings. */
export function PayPage() {
  const { order = "" } = useParams();
  return <PayOrder id={order} />;
}
