import { ApiProblem } from "@anteroom/api";
import { beforeEach, describe, expect, test } from "vitest";
import { PaymentAttempt } from "./attempt";

const problem = (name: string, status: number) =>
  new ApiProblem({ type: `urn:anteroom:problem:${name}`, title: name, status });

describe("the key of a payment", () => {
  let kept: Map<string, string>;
  let next: number;
  const attempt = () =>
    new PaymentAttempt(
      "order-1",
      {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, value) => void kept.set(name, value),
        removeItem: (name) => void kept.delete(name),
      },
      () => `key-${next++}`,
    );

  beforeEach(() => {
    kept = new Map();
    next = 1;
  });

  test.each([
    problem("offline", 0),
    problem("unavailable", 503),
    problem("idempotency-key-in-flight", 409),
    new Error("the answer was cut off"),
  ])("is the same again after %s", (error) => {
    const pay = attempt();
    expect(pay.key("4242")).toBe("key-1");
    pay.ended(error);
    expect(pay.key("4242")).toBe("key-1");
  });

  test("outlives a reload while undecided", () => {
    attempt().key("4242");
    expect(attempt().key("4242")).toBe("key-1");
  });

  test.each([problem("payment-declined", 402), problem("idempotency-key-reused", 422), undefined])(
    "is a new one after the service decided: %s",
    (error) => {
      const pay = attempt();
      pay.key("4000");
      pay.ended(error);
      expect(pay.key("4000")).toBe("key-2");
    },
  );

  test("is a new one for another card", () => {
    const pay = attempt();
    pay.key("4000");
    pay.ended(problem("unavailable", 503));
    expect(pay.key("4242")).toBe("key-2");
  });

  test("never puts the card number into storage", () => {
    attempt().key("4242424242424242");
    expect([...kept].flat().join()).not.toContain("4242");
  });
});
