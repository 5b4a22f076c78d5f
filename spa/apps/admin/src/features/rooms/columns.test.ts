import { expect, test } from "vitest";
import { columnsOf, summaryOf } from "./columns";
import type { Sample } from "./live";

const at = (seconds: number, waiting: number): Sample => ({
  at: seconds,
  waiting,
  active: waiting * 2,
  admitted: 0,
  rate: 60,
  cap: 200,
});

test("columns hold the chosen series of the window", () => {
  const samples = [at(10, 1), at(70, 2), at(71, 3)];
  expect(columnsOf(samples, ["active", "cap"], 60)).toEqual([
    [70, 71],
    [4, 6],
    [200, 200],
  ]);
});

test("a gap breaks the curve", () => {
  expect(columnsOf([at(1, 1), at(2, 2), at(30, 3)], ["waiting"], 60)).toEqual([
    [1, 2, 3, 30],
    [1, 2, null, 3],
  ]);
});

test("one missed second does not", () => {
  expect(columnsOf([at(1, 1), at(3, 2)], ["waiting"], 60)[1]).toEqual([1, 2]);
});

test("no samples, empty columns and nothing to say", () => {
  expect(columnsOf([], ["waiting"], 60)).toEqual([[], []]);
  expect(summaryOf([])).toBeNull();
});

test("a summary skips gaps", () => {
  expect(summaryOf([5, null, 2, 3])).toEqual({ now: 3, low: 2, high: 5 });
});
