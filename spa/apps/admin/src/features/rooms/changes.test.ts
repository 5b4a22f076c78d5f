import { describe, expect, test } from "vitest";
import {
  bodyOf,
  changesOf,
  draftOf,
  drainSeconds,
  policyDifference,
  readNumber,
  sharpChanges,
  step,
  validate,
} from "./changes";
import { roomAt } from "./room.fixture";
import { groups, type Policy, settings } from "./settings";

const { policy } = roomAt("2026-11-22T10:00:00Z", {}, { rate_per_minute: 1200 });

test("an untouched draft changes nothing", () => {
  expect(changesOf(policy, draftOf(policy))).toEqual([]);
});

test("the same number typed otherwise is no change", () => {
  expect(changesOf(policy, { ...draftOf(policy), rate_per_minute: " 1,200 " })).toEqual([]);
});

test("changes say old and new, and travel with the version they were decided on", () => {
  const changes = changesOf(policy, { ...draftOf(policy), mode: "hold", rate_per_minute: "2,400" });
  expect(changes).toEqual([
    { field: "mode", from: "queue", to: "hold" },
    { field: "rate_per_minute", from: 1200, to: 2400 },
  ]);
  expect(bodyOf(changes, 7)).toEqual({ mode: "hold", rate_per_minute: 2400, version: 7 });
});

test("every kind of setting travels as the contract has it", () => {
  const draft = {
    ...draftOf(policy),
    gate_status: "429",
    end_when_sold_out: "true",
    open_at: "2026-12-01T20:00:00",
    method: "draw",
    burst_seconds: "5",
  };
  expect(bodyOf(changesOf(policy, draft), 7)).toEqual({
    gate_status: 429,
    end_when_sold_out: true,
    open_at: "2026-12-01T20:00:00",
    method: "draw",
    burst_seconds: 5,
    version: 7,
  });
});

test("every setting is in the form once", () => {
  const shown = ["mode", "rate_per_minute", "max_active", "message", ...Object.values(groups).flat()];
  expect(shown.sort()).toEqual(Object.keys(settings).sort());
  expect(Object.keys(policy).sort()).toEqual(Object.keys(settings).sort());
});

test.each([
  ["60", 60],
  ["12 000", 12_000],
  ["1_000", 1000],
  ["0", 0],
])("reads %j", (text, value) => {
  expect(readNumber(text)).toBe(value);
});

test.each(["", "abc", "-5", "1.5", "1e3", "0x10", "٣", "1".repeat(16)])("does not read %j", (text) => {
  expect(readNumber(text)).toBeNaN();
});

describe("validate", () => {
  const draft = draftOf(policy);

  test("accepts what is in force", () => expect(validate(draft)).toEqual({}));

  test("names the field and the bounds of the contract", () => {
    expect(validate({ ...draft, rate_per_minute: "0", max_active: "1000001" })).toEqual({
      rate_per_minute: { kind: "out-of-range", min: 1, max: 10_000_000 },
      max_active: { kind: "out-of-range", min: 1, max: 1_000_000 },
    });
    expect(validate({ ...draft, rate_per_minute: "fast" })).toEqual({
      rate_per_minute: { kind: "not-a-number" },
    });
  });

  test("a pause may have the rate 0", () => {
    expect(validate({ ...draft, mode: "hold", rate_per_minute: "0" })).toEqual({});
    expect(validate({ ...draft, ghost_seconds: "1" })).toEqual({
      ghost_seconds: { kind: "out-of-range", min: 2, max: 3600 },
    });
  });

  test("counts characters, not UTF-16 units", () => {
    expect(validate({ ...draft, message: "🎫".repeat(500) })).toEqual({});
    expect(validate({ ...draft, message: "가".repeat(501) })).toEqual({
      message: { kind: "too-long", max: 500, length: 501 },
    });
  });
});

describe("sharpChanges", () => {
  const sharp = (to: Partial<Policy>) =>
    sharpChanges(policyDifference(policy, { ...policy, ...to })).map((c) => c.field);

  test("an everyday change goes with one Enter", () => {
    expect(
      sharp({ rate_per_minute: 2400, max_active: 100, mode: "hold", message: "Doors at eight" }),
    ).toEqual([]);
  });

  test.each(["open", "draining", "closed"] as const)("mode %s wants a second one", (mode) => {
    expect(sharp({ mode })).toEqual(["mode"]);
  });

  test("so does another order", () => expect(sharp({ method: "draw" })).toEqual(["method"]));

  test("a pause, its end and a seldom used number go with one", () => {
    expect(sharp({ rate_per_minute: 0, mode: "hold", return_grace_seconds: 3000 })).toEqual([]);
  });

  test("so does a number that looks like a slip, up or down", () => {
    expect(sharp({ rate_per_minute: 12_000 })).toEqual(["rate_per_minute"]);
    expect(sharp({ max_active: 20 })).toEqual(["max_active"]);
  });
});

test("drainSeconds rounds up, so that nobody is promised too much", () => {
  expect(drainSeconds(100, 60)).toBe(100);
  expect(drainSeconds(1, 7)).toBe(9);
});

test.each([
  ["60", 1, "70"],
  ["64", 1, "70"],
  ["64", -1, "60"],
  ["1250", 1, "1300"],
  ["100", -1, "90"],
  ["12", 1, "13"],
  ["1", -1, "1"],
  ["1000000", 1, "1000000"],
  ["many", 1, "many"],
] as const)("step from %s by %i gives %s", (from, direction, to) => {
  expect(step(from, direction, "max_active")).toBe(to);
});
