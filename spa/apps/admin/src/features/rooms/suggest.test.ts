import { expect, test } from "vitest";
import { type Draft, draftOf } from "./changes";
import { initialControls, pending, reduceControls } from "./controls";
import { roomAt } from "./room.fixture";
import { suggested } from "./suggest";
import { validate } from "./validate";

const room = roomAt("2026-11-22T10:00:00Z", {}, { rate_per_minute: 1200 });
const none = draftOf(room.policy);
const stages = ["guards.proof_of_work", "guards.join_limit", "adaptive.stage"] as const;

test.each(stages)("%s can be switched on with one choice, and off again without a trace", (stage) => {
  const on = reduceControls(initialControls(room), { type: "edit", change: { [stage]: "watch" } });
  expect(validate(on.draft)).toEqual({});
  expect(pending(on).length).toBeGreaterThan(1);
  const off = reduceControls(on, { type: "edit", change: { [stage]: "" } });
  expect(pending(off)).toEqual([]);
});

test("the lowest rate is a tenth of the rate, and never 0", () => {
  const lowest = (rate: string) =>
    suggested(none, { ...none, rate_per_minute: rate }, { "adaptive.stage": "watch" })[
      "adaptive.min_rate_per_minute"
    ];
  expect(lowest("1200")).toBe("120");
  expect(lowest("3")).toBe("1");
  expect(lowest("fast")).toBe("1");
});

test("numbers that somebody has chosen stay", () => {
  const chosen: Draft = { ...none, "guards.joins_per_address": "5" };
  expect(suggested(none, chosen, { "guards.join_limit": "enforce" })).toEqual({});
  expect(suggested(none, none, { rate_per_minute: "5" })).toEqual({});
});
