import { booking } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";
import { gated } from "./waiting";

const pollMs = 3000;

/** The hall of a show; it changes only with its version. */
export function layoutQuery(show: string) {
  return queryOptions({
    queryKey: ["seat-layout", show],
    queryFn: ({ signal }) =>
      gated(booking.GET("/api/v1/shows/{show}/seats", { params: { path: { show } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    // Comparing 12,000 seats field by field would cost more than drawing them.
    structuralSharing: false,
  });
}

/** Which seats can be had; asked for again every few seconds while the page is looked at. */
export function seatStateQuery(show: string) {
  return queryOptions({
    queryKey: ["seat-state", show],
    queryFn: ({ signal }) =>
      gated(booking.GET("/api/v1/shows/{show}/seats/state", { params: { path: { show } }, signal })),
    refetchInterval: pollMs,
    staleTime: 0,
  });
}

/** What a buyer asks for: these seats, or the best so many. */
export type Wish = { seat_ids: number[] } | { best: Best };

export interface Best {
  count: number;
  band_id?: number;
  /** At least one is a place for a wheelchair. */
  accessible?: boolean;
  /** Not side by side, if need be. */
  allow_split?: boolean;
}

/** Asks for seats; all or none. */
export function holdSeats(show: string, wish: Wish) {
  return gated(booking.POST("/api/v1/shows/{show}/holds", { params: { path: { show } }, body: wish }));
}
