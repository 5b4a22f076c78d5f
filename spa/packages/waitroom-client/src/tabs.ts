/**
 * Lets one tab of several poll. It holds a Web Lock, which the browser hands to another tab when this one closes or crashes; what it learns it
 * tells the others by a BroadcastChannel. Where a browser has not both, each tab is on its own.
 */
export class Tabs<T> {
  readonly #channel: BroadcastChannel | undefined;
  readonly #name: string;
  leading = false;

  constructor(
    name: string,
    share: boolean,
    hear: (news: T) => void,
    asked: () => T | undefined,
    woken: () => void,
  ) {
    this.#name = name;
    if (!share || typeof BroadcastChannel === "undefined" || !globalThis.navigator?.locks) return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: MessageEvent<{ news?: T; hello?: true; wake?: true }>) => {
      if (data.news !== undefined) hear(data.news);
      if (!this.leading) return;
      const news = data.hello && asked();
      if (news) this.tell(news);
      if (data.wake) woken();
    };
    this.#channel.postMessage({ hello: true });
  }

  tell(news: T): void {
    this.#channel?.postMessage({ news });
  }

  /** Asks the tab that polls to see whether it is time: it may be hidden, and its timers slow. */
  wake(): void {
    this.#channel?.postMessage({ wake: true });
  }

  /** Runs `work` when it is this tab's turn, until it ends. */
  async lead(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const run = async () => {
      this.leading = true;
      try {
        if (!signal.aborted) await work();
      } finally {
        this.leading = false;
      }
    };
    if (!this.#channel) return run();
    await navigator.locks.request(this.#name, { signal }, run).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  close(): void {
    this.#channel?.close();
  }
}
