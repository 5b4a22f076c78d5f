import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeGateway, problem } from "./fake-gateway";
import type { TicketStore, View, WaitroomOptions } from "./types";
import { Waitroom } from "./waitroom";

class Shelf implements TicketStore {
  readonly kept = new Map<string, string>();
  get = async (name: string) => this.kept.get(name);
  set = async (name: string, value: string) => void this.kept.set(name, value);
  remove = async (name: string) => void this.kept.delete(name);
}

let gateway: FakeGateway;
let shelf: Shelf;
let made: Waitroom[];

function visitor(options: Partial<WaitroomOptions> = {}): { line: Waitroom; views: View[] } {
  const line = new Waitroom({
    room: "arena",
    base: "https://shop.example",
    store: shelf,
    fetch: gateway.fetch,
    random: () => 0,
    share: false,
    ...options,
  });
  const views: View[] = [];
  line.subscribe((view) => views.push(view));
  made.push(line);
  return { line, views };
}

/** Starts to wait; what becomes of it is looked at by `settled`. */
function enter(line: Waitroom) {
  const settled = vi.fn<(outcome: unknown) => void>();
  line.enter().then(settled, settled);
  return settled;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_365_189_123 });
  gateway = new FakeGateway();
  shelf = new Shelf();
  made = [];
});

afterEach(() => {
  for (const line of made) line.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("waiting", () => {
  test("joins, asks when told to, and resolves when it is the turn", async () => {
    const { line, views } = visitor();
    const settled = enter(line);
    await pass(0);
    expect(gateway.calls).toEqual(["POST join"]);
    expect(views.map((v) => v.state)).toEqual(["joining", "waiting"]);
    await pass(1999);
    expect(gateway.calls).toHaveLength(1);
    await pass(1);
    expect(gateway.calls).toEqual(["POST join", "GET status"]);
    gateway.place().poll_after_ms = 7000;
    await pass(2000);
    await pass(6999);
    expect(gateway.calls).toHaveLength(3);
    expect(settled).not.toHaveBeenCalled();
    gateway.place().state = "admitted";
    gateway.place().pass = "p";
    await pass(1);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ state: "admitted", pass: "p" }));
    await pass(600_000);
    expect(gateway.calls).toHaveLength(4);
  });

  test("never asks sooner than told, and spreads over a tenth", async () => {
    const { line } = visitor({ random: () => 1 });
    enter(line);
    await pass(0);
    await pass(2199);
    expect(gateway.calls).toHaveLength(1);
    await pass(1);
    expect(gateway.calls).toHaveLength(2);
  });

  test("shows the least number of people ahead, of each place", async () => {
    const { line } = visitor();
    enter(line);
    await pass(0);
    const shown: unknown[] = [line.view.ahead];
    for (const ahead of [4, 6, 5, 3]) {
      gateway.place().ahead = ahead;
      await pass(2000);
      shown.push(line.view.ahead);
    }
    expect(shown).toEqual([10, 4, 4, 4, 3]);
    gateway.place().number = 2;
    gateway.place().ahead = 8;
    await pass(2000);
    expect(line.view.ahead).toBe(8);
  });

  test("keeps the ticket in the store and hides it from views", async () => {
    const { line } = visitor();
    enter(line);
    await pass(2000);
    expect([...shelf.kept.values()]).toEqual(["1"]);
    expect(gateway.headers[1]?.get("Authorization")).toBe("Bearer 1");
    expect(line.view.status).not.toHaveProperty("ticket");
    line.stop();
    enter(visitor().line);
    await pass(0);
    expect(gateway.places).toHaveLength(1);
  });

  test("without a store the browser's cookie is it", async () => {
    const seen: RequestInit[] = [];
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
      seen.push(init ?? {});
      return gateway.fetch(input, init);
    };
    const { store: _, ...none } = { store: undefined };
    const line = new Waitroom({ room: "arena", base: "https://shop.example", fetch, share: false, ...none });
    made.push(line);
    enter(line);
    await pass(0);
    expect(seen[0]?.credentials).toBe("include");
    expect(new Headers(seen[0]?.headers).has("Authorization")).toBe(false);
  });
});

describe("what goes wrong", () => {
  test("a join whose answer was lost is repeated with the same key, and takes one place", async () => {
    gateway.next.push("lost", "lost");
    const { line } = visitor();
    enter(line);
    await pass(60_000);
    const keys = gateway.headers.slice(0, 3).map((h) => h.get("Idempotency-Key"));
    expect(new Set(keys).size).toBe(1);
    expect(String(keys[0]).length).toBeGreaterThanOrEqual(16);
    expect(gateway.places).toHaveLength(1);
    expect(line.view.state).toBe("waiting");
  });

  test("asks ever more seldom while nothing answers, keeps the place, and says so from the second time on", async () => {
    const { line } = visitor();
    enter(line);
    await pass(0);
    gateway.next.push(...Array<"offline">(8).fill("offline"));
    await pass(2000);
    expect(line.view).toMatchObject({ state: "waiting", down: false });
    expect(line.view.error?.problem).toBe("offline");
    await pass(1000);
    expect(line.view).toMatchObject({ state: "waiting", down: true, ahead: 10 });
    await pass(120_000);
    const gaps = gateway.times.map((at, i) => at - (gateway.times[i - 1] ?? at)).slice(1, 10);
    expect(gaps).toEqual([2000, 1000, 2000, 4000, 8000, 15000, 15000, 15000, 15000]);
    expect(line.view).toMatchObject({ state: "waiting", down: false });
    expect(line.view.error).toBeUndefined();
  });

  test("waits as long as Retry-After says", async () => {
    const { line } = visitor();
    enter(line);
    await pass(0);
    gateway.next.push(problem(503, "line-unavailable", { "Retry-After": "30" }));
    await pass(2000);
    expect(line.view.error).toMatchObject({ problem: "line-unavailable", status: 503, retryAfter: 30_000 });
    await pass(29_999);
    expect(gateway.calls).toHaveLength(2);
    await pass(1);
    expect(gateway.calls).toHaveLength(3);
  });

  test.each([
    [410, "ticket-moved", "moved"],
    [410, "ticket-superseded", "lost"],
    [401, "ticket-invalid", "lost"],
  ])("%i %s while waiting: %s", async (status, name, state) => {
    const { line } = visitor();
    const settled = enter(line);
    await pass(0);
    gateway.next.push(problem(status, name));
    await pass(2000);
    expect(line.view).toMatchObject({ state, down: false, error: { problem: name } });
    expect(settled).toHaveBeenCalledWith(
      expect.objectContaining({ problem: name, message: `It is ${name}.` }),
    );
    expect(shelf.kept.size).toBe(0);
    await pass(600_000);
    expect(gateway.calls).toHaveLength(2);
    enter(line);
    await pass(0);
    expect(line.view).toMatchObject({ state: "waiting", status: { number: 2 } });
  });

  test("a place that expired is over", async () => {
    const { line } = visitor();
    const settled = enter(line);
    await pass(0);
    gateway.place().state = "expired";
    await pass(2000);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ problem: "ticket-expired" }));
  });

  test("who is turned away is told why", async () => {
    gateway.next.push(problem(409, "room-closed"));
    const { line } = visitor();
    const settled = enter(line);
    await pass(0);
    expect(line.view.state).toBe("refused");
    expect(settled).toHaveBeenCalledWith(
      expect.objectContaining({ problem: "room-closed", transient: false }),
    );
  });

  test("a proxy's page is no problem document", async () => {
    gateway.next.push({ status: 502, body: "<html>" });
    const { line } = visitor();
    enter(line);
    await pass(0);
    expect(line.view.error).toMatchObject({ problem: "unknown", status: 502, transient: true });
  });

  test("solves the puzzle that a room asks for", async () => {
    vi.useRealTimers(); // hashing is real work
    gateway.next.push(problem(428, "proof-required"), {
      status: 200,
      body: { required: true, challenge: "text", bits: 8 },
    });
    const { line } = visitor();
    enter(line);
    await vi.waitFor(() => expect(line.view.state).toBe("waiting"), 20_000);
    const proof = gateway.headers[2]?.get("Waitroom-Proof") ?? "";
    expect(proof).toMatch(/^text\.\d+$/);
    const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(proof));
    expect(new Uint8Array(sum)[0]).toBe(0);
    expect(new Set(gateway.headers.slice(0, 3).map((h) => h.get("Idempotency-Key"))).size).toBe(1);
  });
});

describe("stopping", () => {
  test("an abort ends the waiting and leaves the place", async () => {
    const abort = new AbortController();
    const { line } = visitor({ signal: abort.signal });
    const settled = enter(line);
    await pass(0);
    abort.abort(new Error("gone"));
    await pass(600_000);
    expect(gateway.calls).toEqual(["POST join"]);
    expect(settled).toHaveBeenCalledWith(new Error("gone"));
    await expect(line.enter()).rejects.toThrow("gone");
    expect(shelf.kept.size).toBe(1);
  });

  test("leaving gives the place up", async () => {
    const { line } = visitor();
    const settled = enter(line);
    await pass(0);
    await line.leave();
    await pass(600_000);
    expect(gateway.calls).toEqual(["POST join", "DELETE ticket"]);
    expect(settled).toHaveBeenCalledWith(expect.objectContaining({ problem: "left" }));
    expect(line.view.state).toBe("idle");
    expect(shelf.kept.size).toBe(0);
    gateway.next.push(problem(401, "ticket-missing"));
    await line.leave();
    gateway.next.push(problem(503, "line-unavailable"));
    await expect(line.leave()).rejects.toMatchObject({ problem: "line-unavailable" });
  });

  test("releasing shows the pass that it gives back", async () => {
    const { line } = visitor();
    enter(line);
    await pass(0);
    gateway.place().state = "admitted";
    gateway.place().pass = "p";
    await pass(2000);
    await line.release();
    expect(gateway.headers.at(-1)?.get("Waitroom-Pass")).toBe("p");
  });
});

describe("moving", () => {
  test("a link has the gateway's address", async () => {
    const { line } = visitor();
    enter(line);
    await pass(0);
    expect((await line.moveLink("/shows/arena/seats")).url).toBe(
      "https://shop.example/waitroom/v1/arena/move/abc",
    );
    expect(await line.receipt()).toBe("a.b.c");
  });

  test("a claim whose answer was lost is repeated with the same key, and the line goes on", async () => {
    enter(visitor().line);
    await pass(0);
    const phone = new Shelf();
    const { line } = visitor({ store: phone });
    gateway.next.push("lost");
    const claimed = line.claim("https://shop.example/waitroom/v1/arena/move/abc");
    await pass(1000);
    expect((await claimed).number).toBe(1);
    expect(gateway.headers[1]?.get("Idempotency-Key")).toBe(gateway.headers[2]?.get("Idempotency-Key"));
    expect([...phone.kept.values()]).toEqual(["1"]);
    enter(line);
    await pass(0);
    expect(line.view).toMatchObject({ state: "waiting", status: { number: 1 } });
    expect(gateway.places).toHaveLength(1);
  });
});
