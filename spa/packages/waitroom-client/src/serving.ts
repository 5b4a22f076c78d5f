import type { Calls } from "./calls";
import type { Serving } from "./types";

/** Between two questions where there is no stream, ms. The answer may be a second old anyway. */
const every = 2_000;

/** Tells the watcher how far the line has come, by the gateway's stream; where there is none, or no more room in it, by asking. */
export function watchServing(
  calls: Calls,
  stop: AbortSignal,
  watcher: (serving: Serving) => void,
): () => void {
  const end = new AbortController();
  const signal = AbortSignal.any([stop, end.signal]);
  const ask = async () => {
    while (!signal.aborted) {
      const told = await calls.ask<Serving>("GET", "serving").catch(() => undefined);
      if (told && !signal.aborted) watcher(told);
      await new Promise((again) => setTimeout(again, every));
    }
  };
  if (typeof EventSource === "undefined") {
    void ask();
    return () => end.abort();
  }
  const stream = new EventSource(calls.address("events"), { withCredentials: true });
  stream.addEventListener("serving", (event) => watcher(JSON.parse((event as MessageEvent<string>).data)));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED && !signal.aborted) void ask(); // else it tries again by itself
  });
  signal.addEventListener("abort", () => stream.close());
  return () => end.abort();
}
