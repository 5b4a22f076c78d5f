import { booking, isProblem } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";
import { gated } from "./waiting";

const pollMs = 5000;

/** The buyer's place on the waiting list of a show; null when there is none, or nobody is known to be buying yet. */
export function waitingPlaceQuery(show: string) {
  return queryOptions({
    queryKey: ["waiting-place", show],
    queryFn: async ({ signal }) => {
      try {
        return await gated(
          booking.GET("/api/v1/shows/{show}/waiting-list", { params: { path: { show } }, signal }),
        );
      } catch (error) {
        if (isProblem(error) && (error.status === 401 || error.status === 404)) return null;
        throw error;
      }
    },
    refetchInterval: pollMs,
  });
}

/** Waits for so many seats together, at one price or at any. */
export function joinWaitingList(show: string, count: number, band: number | undefined) {
  const body = { count, ...(band && { band_id: band }) };
  return gated(booking.POST("/api/v1/shows/{show}/waiting-list", { params: { path: { show } }, body }));
}

/** Leaves the list, and lets go of what is offered. */
export function leaveWaitingList(show: string) {
  return gated(booking.DELETE("/api/v1/shows/{show}/waiting-list", { params: { path: { show } } }));
}
