import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeGateway } from "./fake-gateway";
import { Waitroom } from "./waitroom";

// A page, as far as the client looks at one.
const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
const view = new EventTarget();
let gateway: FakeGateway;
let line: Waitroom;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_365_189_123, toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", view.addEventListener.bind(view));
  vi.stubGlobal("removeEventListener", view.removeEventListener.bind(view));
  gateway = new FakeGateway();
  line = new Waitroom({ room: "arena", base: "", fetch: gateway.fetch, random: () => 0, share: false });
  line.enter().catch(() => {});
});

afterEach(() => {
  line.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("who wakes after the time that was told asks at once, although no timer has rung", async () => {
  await pass(0);
  vi.setSystemTime(Date.now() + 3_600_000); // the wall clock went on, the timers did not
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(gateway.calls).toEqual(["POST join", "GET status"]);
});

test("who looks up too early does not ask", async () => {
  await pass(1500);
  page.dispatchEvent(new Event("visibilitychange"));
  view.dispatchEvent(new Event("focus"));
  view.dispatchEvent(new Event("online"));
  await pass(0);
  expect(gateway.calls).toEqual(["POST join"]);
});

test("a clock that is set back holds nobody up", async () => {
  await pass(0);
  vi.setSystemTime(Date.now() - 3_600_000);
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(2000);
  expect(gateway.calls).toEqual(["POST join", "GET status"]);
});

test("when the network is back, the pause after failures ends", async () => {
  await pass(0);
  gateway.next.push("offline", "offline", "offline", "offline");
  await pass(2000 + 1000 + 2000 + 4000);
  expect(line.view.down).toBe(true);
  view.dispatchEvent(new Event("online"));
  await pass(0);
  expect(line.view.down).toBe(false);
});

test("a stopped line listens no more", async () => {
  await pass(0);
  line.stop();
  vi.setSystemTime(Date.now() + 3_600_000);
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(600_000);
  expect(gateway.calls).toEqual(["POST join"]);
});
