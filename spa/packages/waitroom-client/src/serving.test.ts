import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeGateway } from "./fake-gateway";
import { Waitroom } from "./waitroom";

/** A browser's stream, driven by the test. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Stream[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    Stream.opened.push(this);
  }

  close() {
    this.readyState = Stream.CLOSED;
  }
}

let gateway: FakeGateway;
let line: Waitroom;

beforeEach(() => {
  vi.useFakeTimers();
  Stream.opened = [];
  gateway = new FakeGateway();
  line = new Waitroom({ room: "arena", base: "https://shop.example", fetch: gateway.fetch, share: false });
});

afterEach(() => {
  line.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("asks every two seconds where there are no streams", async () => {
  const seen = vi.fn();
  const end = line.watch(seen);
  await vi.advanceTimersByTimeAsync(4000);
  expect(seen).toHaveBeenCalledTimes(3);
  gateway.next.push("offline");
  await vi.advanceTimersByTimeAsync(4000);
  expect(seen).toHaveBeenCalledTimes(4);
  end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(seen).toHaveBeenCalledTimes(4);
});

test("takes the stream, and asks when the gateway has no more room in it", async () => {
  vi.stubGlobal("EventSource", Stream);
  const seen = vi.fn();
  const end = line.watch(seen);
  const stream = Stream.opened[0] as Stream;
  expect(stream.url).toBe("https://shop.example/waitroom/v1/arena/events");
  stream.dispatchEvent(new MessageEvent("serving", { data: '{"issued":7}' }));
  expect(seen).toHaveBeenCalledWith({ issued: 7 });
  stream.dispatchEvent(new Event("error")); // lost for a moment
  await vi.advanceTimersByTimeAsync(10_000);
  expect(gateway.calls).toEqual([]);
  stream.close();
  stream.dispatchEvent(new Event("error"));
  await vi.advanceTimersByTimeAsync(0);
  expect(gateway.calls).toEqual(["GET serving"]);
  end();
});

test("ends with the line", () => {
  vi.stubGlobal("EventSource", Stream);
  line.watch(() => {});
  line.stop();
  expect(Stream.opened[0]?.readyState).toBe(Stream.CLOSED);
});
