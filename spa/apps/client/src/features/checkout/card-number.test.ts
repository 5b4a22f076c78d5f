import { expect, test } from "vitest";
import { cardDigits, isCardNumber } from "./card-number";

test.each([
  ["4242 4242 4242 4242", true],
  ["4242-4242-4242-4242", true],
  ["42424242424", false],
  ["4242 4242 4242 424x", false],
  ["12345678901234567890", false],
  ["", false],
])("%j can be a card: %s", (typed, can) => {
  expect(isCardNumber(cardDigits(typed))).toBe(can);
});
