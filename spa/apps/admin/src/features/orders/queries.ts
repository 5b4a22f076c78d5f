import { admin, booking, unwrap } from "@anteroom/api";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/urls";
import type { OrderSearch } from "./search";

const pageSize = 50;

export const ordersQuery = (search: OrderSearch) =>
  queryOptions({
    queryKey: ["orders", search],
    queryFn: ({ signal }) =>
      unwrap(admin.GET(api.orders, { params: { query: { ...search, limit: pageSize } }, signal })),
    // The old page stays until the new one is there, so that the table does not jump.
    placeholderData: keepPreviousData,
  });

/** The open catalogue: the names for the show filter. */
export const showsQuery = queryOptions({
  queryKey: ["shows"],
  queryFn: async ({ signal }) => (await unwrap(booking.GET(api.shows, { signal }))).shows,
  staleTime: 5 * 60_000,
});
