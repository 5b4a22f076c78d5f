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
  expect(bodyOf(changes, policy, 7)).toEqual({ mode: "hold", rate_per_minute: 2400, version: 7 });
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
  expect(bodyOf(changesOf(policy, draft), policy, 7)).toEqual({
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
  const flat = Object.keys(settings).filter((field) => !field.includes("."));
  expect(Object.keys(policy).sort()).toEqual(flat.sort());
});

describe("what is sent as a whole", () => {
  const guarded: Policy = {
    ...policy,
    guards: { proof_of_work: "watch", proof_bits: 18, shadow: "watch" },
    brand: { name: "Halle", texts: { ko: { title: "안녕" } } },
  };

  test("is shown a setting at a time; what is absent is off, empty or 0", () => {
    const draft = draftOf(guarded);
    expect(draft["guards.proof_bits"]).toBe("18");
    expect(draft["guards.presale"]).toBe("");
    expect(draft["guards.presale_until_open"]).toBe("false");
    expect(draft["guards.joins_per_address"]).toBe("0");
    expect(draft["brand.texts.ko.title"]).toBe("안녕");
    expect(draft["brand.texts.ja.lead"]).toBe("");
    expect(changesOf(guarded, draft)).toEqual([]);
  });

  test("travels with its other members, also those that this page does not know", () => {
    const later = { ...guarded, guards: { ...guarded.guards, learnt_later: 1 } } as Policy;
    const draft = { ...draftOf(later), "guards.proof_of_work": "enforce", "brand.texts.en.lead": "Hello" };
    expect(bodyOf(changesOf(later, draft), later, 7)).toEqual({
      guards: { proof_of_work: "enforce", proof_bits: 18, shadow: "watch", learnt_later: 1 },
      brand: { name: "Halle", texts: { ko: { title: "안녕" }, en: { lead: "Hello" } } },
      version: 7,
    });
    expect(later.guards?.proof_of_work, "the policy is left alone").toBe("watch");
    expect(later.brand?.texts?.en).toBeUndefined();
  });

  test("begins from nothing", () => {
    const draft = { ...draftOf(policy), "adaptive.stage": "watch", "adaptive.target_p95_ms": "500" };
    expect(bodyOf(changesOf(policy, draft), policy, 7)).toEqual({
      adaptive: { stage: "watch", target_p95_ms: 500 },
      version: 7,
    });
  });

  test("can be emptied again", () => {
    const draft = { ...draftOf(guarded), "guards.shadow": "", "brand.name": "" };
    const body = bodyOf(changesOf(guarded, draft), guarded, 7);
    expect(body.guards?.shadow).toBe("");
    expect(body.brand?.name).toBe("");
  });
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

  test("so does a guard that refuses people from now on, not one that only watches", () => {
    expect(sharp({ guards: { presale: "watch", shadow: "watch" }, adaptive: { stage: "watch" } })).toEqual(
      [],
    );
    expect(sharp({ guards: { presale: "enforce" }, adaptive: { stage: "enforce" } })).toEqual([
      "guards.presale",
      "adaptive.stage",
    ]);
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
