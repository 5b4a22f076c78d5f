import { describe, expect, test } from "vitest";
import {
  type Controls,
  type ControlsEvent,
  initialControls,
  outdated,
  pending,
  reduceControls,
  theirs,
} from "./controls";
import type { Room } from "./live";
import { roomAt } from "./room.fixture";

const asOf = "2026-11-22T10:00:00Z";
const at = (version: number, policy: Partial<Room["policy"]> = {}): Room => ({
  ...roomAt(asOf, {}, policy),
  version,
});
const seen = (room: Room, now = 0): ControlsEvent => ({ type: "seen", room, now });
const after = (...events: ControlsEvent[]): Controls => events.reduce(reduceControls, initialControls(at(7)));
const faster: ControlsEvent = { type: "edit", change: { rate_per_minute: "120" } };
const send: ControlsEvent = {
  type: "send",
  changes: [{ field: "rate_per_minute", from: 60, to: 120 }],
  now: 1000,
};

test("an untouched form follows the stream", () => {
  const state = after(seen(at(8, { rate_per_minute: 90 })));
  expect(state.draft.rate_per_minute).toBe("90");
  expect(pending(state)).toEqual([]);
});

test("a touched form stands still, and says what the other person changed", () => {
  const state = after(faster, seen(at(8, { max_active: 50 })));
  expect(pending(state)).toEqual([{ field: "rate_per_minute", from: 60, to: 120 }]);
  expect(outdated(state)).toBe(true);
  expect(theirs(state)).toEqual([{ field: "max_active", from: 200, to: 50 }]);
});

test("keeping my changes puts them on top of theirs and decides on the new version", () => {
  const theirsToo = { max_active: 50, rate_per_minute: 90 };
  const state = after(faster, seen(at(8, theirsToo)), { type: "rebase" });
  expect(state.base.version).toBe(8);
  expect(state.draft.max_active).toBe("50");
  expect(pending(state)).toEqual([{ field: "rate_per_minute", from: 90, to: 120 }]);
  expect(outdated(state)).toBe(false);
});

test("dropping my changes takes theirs", () => {
  const state = after(faster, seen(at(8, { rate_per_minute: 90 })), { type: "discard" });
  expect(pending(state)).toEqual([]);
  expect(state.draft.rate_per_minute).toBe("90");
});

describe("after applying", () => {
  const applied: ControlsEvent = { type: "applied", room: at(8, { rate_per_minute: 120 }), now: 1200 };

  test("it is in force only when the stream says so", () => {
    const answered = after(faster, send, applied);
    expect(answered.confirmation).toMatchObject({ version: 8, took: null });
    const confirmed = reduceControls(answered, seen(at(8, { rate_per_minute: 120 }), 1800));
    expect(confirmed.confirmation?.took).toBe(800);
    expect(confirmed.phase).toBe("editing");
  });

  test("an older frame does not undo it on the screen", () => {
    const state = after(faster, send, applied, seen(at(7), 1300));
    expect(state.draft.rate_per_minute).toBe("120");
    expect(state.confirmation?.took).toBeNull();
  });

  test("a later version confirms too: somebody changed something on top", () => {
    const state = after(faster, send, applied, seen(at(9, { rate_per_minute: 30 }), 1900));
    expect(state.confirmation?.took).toBe(900);
    expect(state.draft.rate_per_minute).toBe("30");
  });

  test("a stream faster than the answer confirms with the answer", () => {
    const state = after(faster, send, seen(at(8, { rate_per_minute: 120 }), 1100), applied);
    expect(state.confirmation?.took).toBe(200);
  });

  test("a confirmed time does not move any more", () => {
    const state = after(faster, send, applied, seen(at(8), 1500), seen(at(8), 9000));
    expect(state.confirmation?.took).toBe(500);
  });
});

test("a refusal keeps the draft, shows the message at its field, and editing that field clears it", () => {
  const refused = after(faster, send, {
    type: "failed",
    fields: [{ name: "rate_per_minute", message: "too high for this plan" }],
  });
  expect(refused.draft.rate_per_minute).toBe("120");
  expect(refused.refused.rate_per_minute).toBe("too high for this plan");
  expect(refused.confirmation).toBeNull();
  expect(reduceControls(refused, faster).refused.rate_per_minute).toBeUndefined();
});

test("editing while a confirmation is asked for takes the question back", () => {
  expect(after(faster, { type: "confirm" }, faster).phase).toBe("editing");
});
