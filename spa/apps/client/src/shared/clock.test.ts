import { describe, expect, test } from "vitest";
import { clockOffset, remaining } from "./clock";

describe("the server's clock", () => {
  const noon = Date.parse("2026-11-22T12:00:00Z");

  test("is learned from the Date header", () => {
    expect(clockOffset("Sun, 22 Nov 2026 12:05:00 GMT", noon)).toBe(300_500);
  });
  test("is left alone when the header is missing or no date", () => {
    expect(clockOffset(null, noon)).toBeUndefined();
    expect(clockOffset("soon", noon)).toBeUndefined();
  });
  test("decides how long is left, not the reader's", () => {
    expect(remaining("2026-11-22T12:10:00Z", noon, 0)).toBe(600_000);
    expect(remaining("2026-11-22T12:10:00Z", noon, 300_000)).toBe(300_000);
  });
  test("never leaves less than nothing", () => {
    expect(remaining("2026-11-22T11:59:00Z", noon, 0)).toBe(0);
  });
});
