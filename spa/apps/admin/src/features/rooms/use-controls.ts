import { admin, isProblem, unwrap } from "@anteroom/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useReducer, useRef } from "react";
import { api } from "@/shared/urls";
import { bodyOf, type Change, sharpChanges } from "./changes";
import { type ControlsEvent, initialControls, outdated, pending, reduceControls } from "./controls";
import type { Room } from "./live";
import { roomQuery } from "./queries";
import type { Policy } from "./settings";
import { validate } from "./validate";

/** Enter pressed again within this many milliseconds is the same keystroke bouncing, not a second decision. */
const bounceMs = 500;

/** The form that changes a room: what the draft would do, whether it may, and sending it. */
export function useControls(room: Room) {
  const client = useQueryClient();
  const [state, reduce] = useReducer(reduceControls, room, initialControls);
  const askedAt = useRef(0);

  useEffect(() => reduce({ type: "seen", room, now: performance.now() }), [room]);

  const apply = useMutation({
    mutationFn: ({ changes, version, policy }: { changes: Change[]; version: number; policy: Policy }) =>
      unwrap(
        admin.PATCH(api.room, {
          params: { path: { room: room.room } },
          body: bodyOf(changes, policy, version),
        }),
      ),
    onMutate: ({ changes }) => reduce({ type: "send", changes, now: performance.now() }),
    onSuccess: (changed) => reduce({ type: "applied", room: changed, now: performance.now() }),
    onError: async (error) => {
      reduce({ type: "failed", fields: isProblem(error) ? error.fields : [] });
      if (!isProblem(error) || error.status !== 409) return;
      // Somebody was faster: show what they did at once, not with the next figures.
      const theirs = await client.fetchQuery({ ...roomQuery(room.room), staleTime: 0 });
      reduce({ type: "seen", room: theirs, now: performance.now() });
    },
  });

  /** What the person does; a refusal is about the draft as it was sent, so it goes when that does. */
  const dispatch = (event: ControlsEvent) => {
    if (event.type === "edit" || event.type === "discard") apply.reset();
    reduce(event);
  };

  const changes = pending(state);
  const errors = validate(state.draft);
  const sharp = sharpChanges(changes);
  const ready =
    changes.length > 0 && Object.keys(errors).length === 0 && !outdated(state) && state.phase !== "sending";

  /** One Enter applies; a big step asks first and wants a second one. */
  const submit = () => {
    if (!ready) return;
    if (sharp.length > 0 && state.phase !== "confirming") {
      askedAt.current = performance.now();
      dispatch({ type: "confirm" });
      return;
    }
    if (state.phase === "confirming" && performance.now() - askedAt.current < bounceMs) return;
    apply.mutate({ changes, ...state.base });
  };

  return { state, dispatch, changes, errors, sharp, ready, submit, failure: apply.error };
}

export type ControlsHandle = ReturnType<typeof useControls>;
