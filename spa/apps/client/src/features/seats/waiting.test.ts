import { describe, expect, test } from "vitest";
import { gated, leastAhead, mayReload, type Place, WaitingAgain } from "./waiting";

const status = {
  room: "arena",
  state: "waiting",
  number: 7,
  ahead: 6,
  eta_seconds: null,
  poll_after_ms: 2000,
};
const answer = (code: number, body: unknown) => ({
  response: new Response(null, { status: code }),
  ...(code < 400 ? { data: body } : { error: body }),
});
const problem = (name: string, code: number) => ({
  type: `urn:anteroom:problem:${name}`,
  title: name,
  status: code,
});

describe("a call behind the gate", () => {
  test.each([200, 202, 429])("that is told to wait with %d goes back in line", async (code) => {
    await expect(gated(Promise.resolve(answer(code, status)))).rejects.toBeInstanceOf(WaitingAgain);
  });
  test.each(["pass-missing", "pass-expired", "pass-invalid", "pass-other-room"])(
    "refused with %s too",
    async (name) => {
      await expect(gated(Promise.resolve(answer(403, problem(name, 403))))).rejects.toBeInstanceOf(
        WaitingAgain,
      );
    },
  );
  test("that may not be answered with success is told inside of a problem", async () => {
    const body = { ...problem("waiting", 429), waitroom: status };
    await expect(gated(Promise.resolve(answer(429, body)))).rejects.toMatchObject({ place: { number: 7 } });
  });
  test("refused for another reason does not", async () => {
    await expect(gated(Promise.resolve(answer(409, problem("seat-taken", 409))))).rejects.toMatchObject({
      problem: "seat-taken",
    });
  });
  test("that is let through gives its data", async () => {
    await expect(gated(Promise.resolve(answer(200, { available: 3 })))).resolves.toEqual({ available: 3 });
  });
});

test("nobody is shown more people ahead than before", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
  };
  const ahead = (n: number, change: Partial<Place> = {}) =>
    leastAhead(storage, { ...(status as Place), epoch: 1, ahead: n, ...change });
  expect([6, 4, 5, 0, 3].map((n) => ahead(n))).toEqual([6, 4, 4, 0, 0]);
  expect(ahead(9, { number: 8 })).toBe(9);
  expect(ahead(9, { epoch: 2 })).toBe(9);
});

test("the page reloads itself once, then leaves it to the reader", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
  };
  expect(mayReload(storage, 1_000_000)).toBe(true);
  expect(mayReload(storage, 1_010_000)).toBe(false);
  expect(mayReload(storage, 1_020_000)).toBe(true);
});
