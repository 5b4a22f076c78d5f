import { expect, test } from "vitest";
import { textOn } from "./text-on";

test.each([
  ["#000000", "#fff"],
  ["#ffffff", "#000"],
  ["#7c3aed", "#fff"],
  ["#f59e0b", "#000"],
])("text on %s is %s", (ground, text) => {
  expect(textOn(ground)).toBe(text);
});
