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
  type Tunable,
  validate,
} from "./changes";

const policy: Tunable = { mode: "queue", rate_per_minute: 1200, max_active: 200, message: "" };

test("an untouched draft changes nothing", () => {
  expect(changesOf(policy, draftOf(policy))).toEqual([]);
});

test("the same number typed otherwise is no change", () => {
  expect(changesOf(policy, { ...draftOf(policy), rate_per_minute: " 1,200 " })).toEqual([]);
});

test("changes say old and new, and travel with the version they were decided on", () => {
  const changes = changesOf(policy, {
    mode: "hold",
    rate_per_minute: "2,400",
    max_active: "200",
    message: "",
  });
  expect(changes).toEqual([
    { field: "mode", from: "queue", to: "hold" },
    { field: "rate_per_minute", from: 1200, to: 2400 },
  ]);
  expect(bodyOf(changes, 7)).toEqual({ mode: "hold", rate_per_minute: 2400, version: 7 });
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

  test("counts characters, not UTF-16 units", () => {
    expect(validate({ ...draft, message: "🎫".repeat(500) })).toEqual({});
    expect(validate({ ...draft, message: "가".repeat(501) })).toEqual({
      message: { kind: "too-long", max: 500, length: 501 },
    });
  });
});

describe("sharpChanges", () => {
  const sharp = (to: Partial<Tunable>) =>
    sharpChanges(policyDifference(policy, { ...policy, ...to })).map((c) => c.field);

  test("an everyday change goes with one Enter", () => {
    expect(
      sharp({ rate_per_minute: 2400, max_active: 100, mode: "hold", message: "Doors at eight" }),
    ).toEqual([]);
  });

  test.each(["open", "draining", "closed"] as const)("mode %s wants a second one", (mode) => {
    expect(sharp({ mode })).toEqual(["mode"]);
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
