/**
 * A timer that does not sleep through a sleeping machine. Timers stand still while a laptop sleeps or a phone freezes the page, and the
 * monotonic clock may too; so whenever the page wakes both clocks are asked, and the one that ran further counts.
 */
export class Alarm {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ring: (() => void) | undefined;
  #span = 0;
  #wall = 0;
  #mono = 0;

  /** Resolves after so many ms. A later call takes the place of an earlier one, which never resolves. */
  after(ms: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#span = ms;
    this.#wall = Date.now();
    this.#mono = performance.now();
    return new Promise((resolve) => {
      this.#ring = resolve;
      this.#timer = setTimeout(() => this.ring(), ms);
    });
  }

  /** Rings now. */
  ring(): void {
    clearTimeout(this.#timer);
    this.#ring?.();
    this.#ring = undefined;
  }

  /** To be called when the page may have slept: rings when it is time. */
  check(): void {
    if (Math.max(Date.now() - this.#wall, performance.now() - this.#mono) >= this.#span) this.ring();
  }
}

/** Calls `woken` whenever the page is seen again, and `online` when the network is back. It returns how to end that. */
export function onWaking(woken: () => void, online: () => void): () => void {
  const page = globalThis.document;
  if (!page || !globalThis.addEventListener) return () => {};
  const seen = () => page.visibilityState === "visible" && woken();
  page.addEventListener("visibilitychange", seen);
  addEventListener("pageshow", seen);
  addEventListener("focus", seen);
  addEventListener("online", online);
  return () => {
    page.removeEventListener("visibilitychange", seen);
    removeEventListener("pageshow", seen);
    removeEventListener("focus", seen);
    removeEventListener("online", online);
  };
}
