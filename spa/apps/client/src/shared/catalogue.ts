import { booking, unwrap } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";

/** The shows whose title, venue or city has these words; all without words. */
export function showsQuery(words: string) {
  return queryOptions({
    queryKey: ["shows", words],
    queryFn: async ({ signal }) =>
      (await unwrap(booking.GET("/api/v1/shows", { params: { query: words ? { q: words } : {} }, signal })))
        .shows,
    staleTime: 15_000,
  });
}

/** One show. */
export function showQuery(show: string) {
  return queryOptions({
    queryKey: ["show", show],
    queryFn: ({ signal }) =>
      unwrap(booking.GET("/api/v1/shows/{show}", { params: { path: { show } }, signal })),
    staleTime: 15_000,
  });
}
