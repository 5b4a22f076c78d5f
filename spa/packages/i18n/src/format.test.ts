import { describe, expect, test } from "vitest";
import { formatCount, formatDate, formatDuration, formatMoney } from "./format";

describe("money", () => {
  test("won has no minor unit", () => {
    expect(formatMoney({ amount: 132000, currency: "KRW" }, "ko")).toBe("₩132,000");
    expect(formatMoney({ amount: 132000, currency: "KRW" }, "en")).toBe("₩132,000");
  });
  test("cents are a hundredth", () => {
    expect(formatMoney({ amount: 1999, currency: "USD" }, "en")).toBe("$19.99");
  });
});

describe("dates are the venue's, not the reader's", () => {
  const evening = "2026-12-31T10:30:00Z";
  test("in Seoul", () => {
    const text = formatDate(evening, "ko", "dateTime", "Asia/Seoul");
    // How the day and the half of the day are written differs between versions of the locale data.
    expect(text).toContain("2026년 12월 31일");
    expect(text).toMatch(/목.*7:30/);
  });
  test("across midnight", () => {
    expect(formatDate("2026-12-31T15:30:00Z", "en", "date", "Asia/Seoul")).toContain("1 January 2027");
    expect(formatDate("2026-12-31T15:30:00Z", "en", "date", "America/New_York")).toContain(
      "31 December 2026",
    );
  });
});

test.each([
  [-5000, "0:00"],
  [0, "0:00"],
  [1, "0:01"],
  [59_001, "1:00"],
  [245_000, "4:05"],
  [3_723_000, "1:02:03"],
])("%d ms left reads %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("thousands are parted", () => {
  expect(formatCount(12480, "ko")).toBe("12,480");
});
