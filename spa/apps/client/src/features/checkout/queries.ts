import { booking, unwrap, waitroom } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";
import { urls } from "@/shared/urls";

/**
 * The order made of a hold. Placing it is idempotent under a key made from the hold, so it can be asked for like a
 * resource: a reload of the page finds the same order.
 */
export function placedOrderQuery(hold: string) {
  return queryOptions({
    queryKey: ["placed-order", hold],
    queryFn: () =>
      unwrap(
        booking.POST("/api/v1/orders", {
          params: { header: { "Idempotency-Key": `order-of-${hold}` } },
          body: { hold_id: hold },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Pays an order; the order it returns is paid, or confirming when the provider has not answered yet. */
export function payOrder(order: string, cardNumber: string, key: string) {
  return unwrap(
    booking.POST("/api/v1/orders/{order}/payment", {
      params: { path: { order }, header: { "Idempotency-Key": key } },
      body: { card_number: cardNumber, return_to: urls.pay(order) },
    }),
  );
}

/**
 * Gives the slot in the shop back, so that the next in line comes in sooner. Nobody who has paid should see it fail:
 * the pass runs out by itself.
 */
export async function givePassBack(room: string): Promise<void> {
  await waitroom.DELETE("/waitroom/v1/{room}/pass", { params: { path: { room } } }).catch(() => undefined);
}
