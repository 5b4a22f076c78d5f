import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer } from "react";
import { sessionQuery } from "@/shared/session";
import { initialLive, type Live, type Room, reduceLive } from "./live";
import { roomQuery } from "./queries";
import { watchRoom } from "./watch-room";

/** Follows a room from a first answer on, for as long as the page is open. */
export function useLiveRoom(first: Room): Live {
  const client = useQueryClient();
  const [live, dispatch] = useReducer(reduceLive, first, (room) =>
    reduceLive(initialLive, { type: "room", room, now: performance.now() }),
  );
  useEffect(
    () =>
      watchRoom(first.room, {
        onEvent: dispatch,
        // A refused stream says only "no"; asking for the room tells whether we are signed out or it is gone.
        onRefused: () => {
          void client.refetchQueries({ queryKey: roomQuery(first.room).queryKey });
          void client.refetchQueries({ queryKey: sessionQuery.queryKey });
        },
      }),
    [first.room, client],
  );
  return live;
}
