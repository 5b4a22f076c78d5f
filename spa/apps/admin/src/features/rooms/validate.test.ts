import { describe, expect, test } from "vitest";
import { type Draft, draftOf } from "./changes";
import { roomAt } from "./room.fixture";
import { validate } from "./validate";

const { policy } = roomAt("2026-11-22T10:00:00Z", {}, { rate_per_minute: 1200 });

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

describe("guards, rate and brand", () => {
  const wrong = (change: Partial<Draft>) => validate({ ...draftOf(policy), ...change });

  test("a puzzle costs something once there is one", () => {
    expect(wrong({ "guards.proof_of_work": "watch" })).toEqual({
      "guards.proof_bits": { kind: "out-of-range", min: 8, max: 26 },
    });
    expect(wrong({ "guards.proof_of_work": "enforce", "guards.proof_bits": "8" })).toEqual({});
    expect(Object.keys(wrong({ "guards.proof_bits": "7" }))).toEqual(["guards.proof_bits"]);
    expect(Object.keys(wrong({ "guards.proof_bits": "27" }))).toEqual(["guards.proof_bits"]);
  });

  test("a limit limits something", () => {
    expect(wrong({ "guards.join_limit": "watch" })).toEqual({
      "guards.join_limit": { kind: "limits-nothing" },
    });
    expect(wrong({ "guards.join_limit": "watch", "guards.joins_per_prefix": "600" })).toEqual({});
  });

  test("a presale that ends with the opening wants one", () => {
    const until = { "guards.presale": "enforce", "guards.presale_until_open": "true" };
    expect(wrong(until)).toEqual({ "guards.presale_until_open": { kind: "wants-opening" } });
    expect(wrong({ ...until, open_at: "2026-12-01T20:00:00" })).toEqual({});
  });

  test("the lowest rate is not above the rate, and targets are not 0 once it adapts", () => {
    expect(
      Object.keys(wrong({ "adaptive.stage": "watch", "adaptive.min_rate_per_minute": "1201" })).sort(),
    ).toEqual(["adaptive.max_error_percent", "adaptive.min_rate_per_minute", "adaptive.target_p95_ms"]);
    const whole = {
      "adaptive.stage": "enforce",
      "adaptive.min_rate_per_minute": "1200",
      "adaptive.target_p95_ms": "1",
      "adaptive.max_error_percent": "100",
    };
    expect(wrong(whole)).toEqual({});
    expect(Object.keys(wrong({ ...whole, rate_per_minute: "1199" }))).toEqual([
      "adaptive.min_rate_per_minute",
    ]);
  });

  test.each(["", "#1a2b3c", "#ffffff"])("takes the colour %j", (colour) => {
    expect(wrong({ "brand.colour": colour })).toEqual({});
  });

  test.each(["red", "#FFF", "#fff", "1a2b3c", "#1a2b3g", "#1a2b3c;"])("refuses the colour %j", (colour) => {
    expect(wrong({ "brand.background": colour })).toEqual({ "brand.background": { kind: "not-a-colour" } });
  });

  test.each(["", "/logo.svg", "https://cdn.example.org/l.svg?a=1", "https://cdn.example.org:8443/l.svg"])(
    "takes the logo %j",
    (logo) => expect(wrong({ "brand.logo_url": logo })).toEqual({}),
  );

  // The same as the gateway's own tests refuse.
  test.each([
    "http://example.org/l.png",
    "//example.org/l.png",
    "javascript:alert(1)",
    "data:image/svg+xml,<svg/>",
    "https://",
    "/",
    "logo.png",
    "https://user:secret@example.org/l.png",
    "https://example.org;script-src *",
    "https://*.example.org/l.png",
    "https://[::1]/l.png",
    "/\\example.org/l.png",
  ])("refuses the logo %j", (logo) => {
    expect(wrong({ "brand.logo_url": logo })).toEqual({ "brand.logo_url": { kind: "not-an-address" } });
  });

  test("texts are as short as the contract has them", () => {
    expect(
      wrong({ "brand.texts.ja.title": "あ".repeat(121), "brand.texts.en.lead": "l".repeat(400) }),
    ).toEqual({ "brand.texts.ja.title": { kind: "too-long", max: 120, length: 121 } });
  });
});
