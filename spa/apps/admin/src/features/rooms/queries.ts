import { admin, isProblem, unwrap } from "@anteroom/api";
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/shared/urls";

const listEveryMs = 2000;
const retryEveryMs = 3000;

export const roomsQuery = queryOptions({
  queryKey: ["rooms"],
  queryFn: async ({ signal }) => (await unwrap(admin.GET(api.rooms, { signal }))).rooms,
  refetchInterval: listEveryMs,
});

/** One room as it was when asked; the live page goes on from it with the stream. */
export const roomQuery = (room: string) =>
  queryOptions({
    queryKey: ["rooms", room],
    queryFn: ({ signal }) => unwrap(admin.GET(api.room, { params: { path: { room } }, signal })),
    // The stream brings what is new; a refetch would only race it.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    // A gateway that is away comes back, and nobody should have to sit and press a button for that.
    refetchInterval: ({ state }) => (isProblem(state.error) && state.error.transient ? retryEveryMs : false),
  });
