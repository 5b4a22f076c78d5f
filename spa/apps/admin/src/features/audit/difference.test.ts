import { expect, test } from "vitest";
import { differences, sayValue } from "./difference";

test("only what changed, by path", () => {
  const before = { version: 7, policy: { mode: "queue", rate_per_minute: 60 } };
  const after = { version: 8, policy: { mode: "queue", rate_per_minute: 120 } };
  expect(differences(before, after)).toEqual([
    { path: "policy.rate_per_minute", before: 60, after: 120 },
    { path: "version", before: 7, after: 8 },
  ]);
});

test("a missing side shows all of the other", () => {
  expect(differences(null, { mode: "queue" })).toEqual([{ path: "mode", before: undefined, after: "queue" }]);
  expect(differences({ mode: "queue" }, undefined)).toEqual([
    { path: "mode", before: "queue", after: undefined },
  ]);
});

test("a list is one value", () => {
  expect(differences({ seats: [1, 2] }, { seats: [2, 1] })).toEqual([
    { path: "seats", before: [1, 2], after: [2, 1] },
  ]);
});

test("nothing recorded, nothing to show", () => {
  expect(differences(null, undefined)).toEqual([]);
  expect(differences({ a: 1 }, { a: 1 })).toEqual([]);
});

test("an empty text is not the same as no text", () => {
  expect(differences({ message: "" }, { message: null })).toHaveLength(1);
  expect(sayValue("")).toBe("");
  expect(sayValue(null)).toBeNull();
  expect(sayValue([1])).toBe("[1]");
});
