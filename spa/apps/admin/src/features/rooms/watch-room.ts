import { roomEvents } from "@/shared/urls";
import type { LiveEvent, Room } from "./live";

interface Watcher {
  onEvent: (event: LiveEvent) => void;
  /** The server refused the stream: signed out, no permission, no such room. Ask it why; we go on trying. */
  onRefused: () => void;
}

/** Figures come once a second: a connection silent for this long is dead, whatever the browser thinks. */
const silentMs = 10_000;
const longestPauseMs = 8000;

/** Follows the stream of a room until the returned function is called; reconnects by itself for ever. */
export function watchRoom(room: string, { onEvent, onRefused }: Watcher): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  function open() {
    source = new EventSource(roomEvents(room));
    source.addEventListener("open", () => {
      onEvent({ type: "opened" });
      expectMore();
    });
    source.addEventListener("room", (event) => {
      expectMore();
      const data = parse(event);
      if (!data) return;
      failures = 0;
      onEvent({ type: "room", room: data as Room, now: performance.now() });
    });
    source.addEventListener("problem", (event) => {
      expectMore();
      const problem = parse(event) as { detail?: string; title?: string; status?: number } | null;
      // Not the gateway's silence but our own session: ended, or with another role.
      if (problem?.status === 401 || problem?.status === 403) return onRefused();
      onEvent({ type: "away", detail: problem?.detail ?? problem?.title ?? "" });
    });
    source.addEventListener("error", () => {
      onEvent({ type: "lost" });
      // CLOSED means an answer that is not a stream; after a mere break the browser reconnects by itself.
      if (source?.readyState !== EventSource.CLOSED) return;
      onRefused();
      reopen();
    });
    expectMore();
  }

  function expectMore() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      onEvent({ type: "lost" });
      reopen();
    }, silentMs);
  }

  function reopen() {
    source?.close();
    clearTimeout(timer);
    // Jitter, so that the screens of a whole control room do not come back in the same instant.
    const pause = Math.min(longestPauseMs, 1000 * 2 ** failures++) * (0.75 + Math.random() / 2);
    timer = setTimeout(open, pause);
  }

  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function parse(event: MessageEvent): object | null {
  try {
    const data: unknown = JSON.parse(String(event.data));
    return typeof data === "object" ? data : null;
  } catch {
    return null; // A broken frame is as good as none: the indicator will say that figures have stopped.
  }
}
