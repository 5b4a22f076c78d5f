import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeGateway } from "./fake-gateway";
import type { TicketStore } from "./types";
import { Waitroom } from "./waitroom";

/** What browsers have and Node 20 lacks: one lock of a name at a time, handed on in order. */
class Locks {
  #last: Promise<unknown> = Promise.resolve();

  request(_name: string, { signal }: { signal: AbortSignal }, work: () => Promise<void>): Promise<void> {
    const before = this.#last;
    const aborted = new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
    aborted.catch(() => {});
    let held = false;
    const turn = before.then(() => {
      if (signal.aborted) return undefined;
      held = true;
      return work();
    });
    this.#last = turn.catch(() => {});
    return Promise.race([turn, aborted.catch((error) => (held ? turn : Promise.reject(error)))]);
  }
}

let gateway: FakeGateway;
const shelf = new Map<string, string>();
const store: TicketStore = {
  get: (name) => shelf.get(name),
  set: (name, value) => void shelf.set(name, value),
  remove: (name) => void shelf.delete(name),
};
const tabs: Waitroom[] = [];

function tab(): Waitroom {
  const one = new Waitroom({
    room: "arena",
    base: "https://shop.example",
    store,
    fetch: gateway.fetch,
    random: () => 0,
  });
  tabs.push(one);
  return one;
}

// The channel between tabs is a real one, and takes as long as it takes; when the next poll is due is for the test to say. So time is stopped, and
// waiting must not move it, which an interval would.
const patience = { timeout: 20_000, interval: 0 };
const due = () => vi.advanceTimersByTimeAsync(2000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.stubGlobal("navigator", { locks: new Locks() });
  gateway = new FakeGateway();
  shelf.clear();
});

afterEach(() => {
  for (const one of tabs.splice(0)) one.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("one tab asks for all, and they show the same", async () => {
  const [a, b] = [tab(), tab()];
  const [first, second] = [a.enter(), b.enter()];
  await vi.waitFor(() => expect(b.view).toMatchObject({ state: "waiting", ahead: 10 }), patience);
  expect(gateway.calls).toEqual(["POST join"]);
  expect(b.view.status).toEqual(a.view.status);

  // A tab that is opened later is told at once.
  const c = tab();
  await vi.waitFor(() => expect(c.view.state).toBe("waiting"), patience);
  expect(gateway.calls).toEqual(["POST join"]);

  gateway.place().state = "admitted";
  await due();
  expect(await first).toMatchObject({ state: "admitted", number: 1 });
  expect(await second).toMatchObject({ state: "admitted", number: 1 });
  expect(gateway.calls).toEqual(["POST join", "GET status"]);
});

test("when the tab that asks is closed another goes on, with the same place", async () => {
  const [a, b] = [tab(), tab()];
  a.enter().catch(() => {});
  const second = b.enter();
  await vi.waitFor(() => expect(b.view.state).toBe("waiting"), patience);
  gateway.place().state = "admitted";
  a.stop();
  await due();
  expect(await second).toMatchObject({ number: 1 });
  expect(gateway.places).toHaveLength(1);
});

test("an error reaches the other tabs as what it is", async () => {
  const [a, b] = [tab(), tab()];
  const outcomes = Promise.allSettled([a.enter(), b.enter()]);
  await vi.waitFor(() => expect(b.view.state).toBe("waiting"), patience);
  gateway.next.push({ status: 410, body: { type: "urn:anteroom:problem:ticket-moved", title: "Gone" } });
  await due();
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { problem: "ticket-moved", status: 410, name: "WaitroomError" },
    });
  }
  expect(b.view.state).toBe("moved");
});

test("a lock that comes sooner than the news does not make a tab ask for what is over", async () => {
  let held = Promise.resolve();
  vi.stubGlobal(
    "BroadcastChannel",
    class extends BroadcastChannel {
      override set onmessage(hear: (event: MessageEvent) => void) {
        super.onmessage = (event) => void held.then(() => hear(event as MessageEvent));
      }
    },
  );
  const [a, b] = [tab(), tab()];
  const outcomes = Promise.allSettled([a.enter(), b.enter()]);
  await vi.waitFor(() => expect(b.view.state).toBe("waiting"), patience);
  let release = () => {};
  held = new Promise((resolve) => {
    release = resolve;
  });
  gateway.next.push({ status: 410, body: { type: "urn:anteroom:problem:ticket-moved", title: "Gone" } });
  await due();
  await vi.waitFor(() => expect(a.view.state).toBe("moved"), patience);
  await vi.advanceTimersByTimeAsync(50); // the lock is another's now
  release();
  expect(await outcomes).toMatchObject([
    { reason: { problem: "ticket-moved" } },
    { reason: { problem: "ticket-moved" } },
  ]);
  expect(gateway.calls).toEqual(["POST join", "GET status"]);
});

test("without locks each tab is on its own", async () => {
  vi.stubGlobal("navigator", {});
  const [a, b] = [tab(), tab()];
  a.enter().catch(() => {});
  await vi.waitFor(() => expect(a.view.state).toBe("waiting"), patience);
  b.enter().catch(() => {});
  await vi.waitFor(() => expect(b.view.state).toBe("waiting"), patience);
  expect(gateway.calls).toEqual(["POST join", "POST join"]);
  expect(gateway.places).toHaveLength(1);
});
