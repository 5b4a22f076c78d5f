import { describe, expect, test } from "vitest";
import { readKept, toggleSeat } from "./selection";

describe("choosing seats", () => {
  test("adds, then takes away", () => {
    expect(toggleSeat([1], 2, 4)).toEqual(["added", [1, 2]]);
    expect(toggleSeat([1, 2], 1, 4)).toEqual(["removed", [2]]);
  });
  test("stops at the limit, but still takes away", () => {
    expect(toggleSeat([1, 2], 3, 2)).toEqual(["limit", [1, 2]]);
    expect(toggleSeat([1, 2], 2, 2)).toEqual(["removed", [1]]);
  });
});

test.each([
  [null, []],
  ["[4,5]", [4, 5]],
  ["{", []],
  ['["4"]', []],
  ['{"a":1}', []],
])("kept %j is read as %j", (text, ids) => {
  expect(readKept(text)).toEqual(ids);
});
