import { booking, unwrap } from "@anteroom/api";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Order } from "./types";

const confirmingPollMs = 1500;

/** One of the buyer's orders; while the bank has not answered it is asked for again and again. */
export function orderQuery(order: string) {
  return queryOptions({
    queryKey: ["order", order],
    queryFn: ({ signal }) =>
      unwrap(booking.GET("/api/v1/orders/{order}", { params: { path: { order } }, signal })),
    refetchInterval: (query) => (query.state.data?.state === "confirming" ? confirmingPollMs : false),
  });
}

/** The buyer's orders, newest first. */
export const ordersQuery = queryOptions({
  queryKey: ["orders"],
  queryFn: async ({ signal }) => (await unwrap(booking.GET("/api/v1/orders", { signal }))).orders,
});

/** Keeps an order that a service has just answered, and lets the list be asked for again. */
export function useKeepOrder() {
  const client = useQueryClient();
  return (order: Order) => {
    client.setQueryData(orderQuery(order.id).queryKey, order);
    void client.invalidateQueries({ queryKey: ordersQuery.queryKey });
  };
}

/** Cancels an order: what was paid is refunded, the seats go back on sale. */
export function useCancelOrder(order: string) {
  const keep = useKeepOrder();
  return useMutation({
    mutationFn: () => unwrap(booking.POST("/api/v1/orders/{order}/cancel", { params: { path: { order } } })),
    onSuccess: keep,
  });
}
