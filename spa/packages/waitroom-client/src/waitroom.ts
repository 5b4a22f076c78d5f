import { Alarm, onWaking } from "./alarm";
import { Calls } from "./calls";
import { Least } from "./least";
import { WaitroomError } from "./problem";
import { type Puzzle, solve } from "./proof";
import { watchServing } from "./serving";
import { Tabs } from "./tabs";
import type { MoveLink, Serving, Status, View, WaitroomOptions } from "./types";

/** The longest pause after failures, ms. */
const longest = 15_000;

/** How long news of the tab that asked may be on its way here when its lock has come already, ms: who has learnt that it is over hands the lock on. */
const underWay = 100;

/** A view as other tabs hear it: an error does not pass a channel as what it is. */
type News = Omit<View, "error"> & { error?: ConstructorParameters<typeof WaitroomError> };

/**
 * A visitor's place in one room: joins, asks again when told to, and says what to show. It survives lost networks, sleeping machines and closed
 * tabs, because the place is kept by the gateway and the ticket by the browser or the given store.
 */
export class Waitroom {
  readonly #calls: Calls;
  readonly #tabs: Tabs<News>;
  readonly #alarm = new Alarm();
  readonly #least = new Least();
  readonly #end = new AbortController();
  readonly #random: () => number;
  readonly #options: WaitroomOptions;
  readonly #watchers = new Set<(view: View) => void>();
  readonly #unwake: () => void;
  #round: AbortController | undefined;
  #view: View = { state: "idle", down: false };
  #failures = 0;
  #told = 0; // when the last place was told, to whichever tab
  #key: string | undefined;

  constructor(options: WaitroomOptions) {
    const signal = options.signal ? AbortSignal.any([options.signal, this.#end.signal]) : this.#end.signal;
    this.#options = { ...options, signal };
    this.#calls = new Calls(this.#options);
    this.#random = options.random ?? Math.random;
    this.#tabs = new Tabs<News>(
      `waitroom:${this.#calls.origin}:${options.room}`,
      options.share ?? true,
      ({ error, ...view }) =>
        this.#show(error ? { ...view, error: new WaitroomError(...error) } : view, false),
      () => (this.#view.state === "idle" ? undefined : this.#news()),
      () => this.#alarm.check(),
    );
    this.#unwake = onWaking(
      () => (this.#tabs.leading ? this.#alarm.check() : this.#tabs.wake()),
      () => (this.#failures > 0 ? this.#alarm.ring() : this.#alarm.check()),
    );
    signal.addEventListener("abort", () => this.stop(), { once: true });
  }

  /** What to show just now. Another object whenever something has changed. */
  get view(): View {
    return this.#view;
  }

  /** Calls the watcher at every change. It returns how to end that. */
  subscribe(watcher: (view: View) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Takes a place, or goes on with the one there is, and waits. It resolves when it is the visitor's turn: the gate is open for the cookie, or for the
   * `pass` of the status. It fails with a WaitroomError when no place is given or the place counts no more, and when it was stopped.
   */
  enter(): Promise<Status> {
    const signal = this.#options.signal as AbortSignal;
    if (signal.aborted) return Promise.reject(signal.reason);
    if (!this.#round) {
      this.#round = new AbortController();
      if (!isWaiting(this.#view)) this.#show({ state: "joining", down: false }, false);
      const round = AbortSignal.any([signal, this.#round.signal]);
      void this.#tabs.lead(round, () => this.#wait(round));
    }
    return new Promise((resolve, reject) => {
      const watch = (view: View) => {
        if (!isOver(view) && view.state !== "idle") return;
        done();
        if (view.state === "admitted") resolve(view.status as Status);
        else reject(view.error ?? new WaitroomError("left", 0, "The place was given up."));
      };
      const unwatch = this.subscribe(watch);
      const stopped = () => {
        done();
        reject(signal.reason);
      };
      const done = () => {
        unwatch();
        signal.removeEventListener("abort", stopped);
      };
      signal.addEventListener("abort", stopped);
    });
  }

  /** A link that takes the place to another device, where it goes on at a path of the gateway's host. The link before is void then. */
  async moveLink(returnTo?: string): Promise<MoveLink> {
    const link = await this.#calls.ask<MoveLink>(
      "POST",
      "move",
      {},
      returnTo ? { return_to: returnTo } : undefined,
    );
    return { ...link, url: this.#calls.origin + link.url };
  }

  /** Takes over the place that a link leads to. A lost answer is asked for again; `enter()` goes on from there. */
  async claim(link: string): Promise<Status> {
    const code = link.slice(link.lastIndexOf("/") + 1);
    const key = crypto.randomUUID();
    for (let tries = 1; ; tries++) {
      try {
        const status = await this.#calls.ask<Status>("POST", `move/${encodeURIComponent(code)}`, {
          "Idempotency-Key": key,
        });
        await this.#calls.keep(status.ticket);
        this.#take(status);
        return status;
      } catch (error) {
        if (!(error instanceof WaitroomError && error.transient) || tries === 4) throw error;
        await this.#alarm.after(this.#pause(error, tries));
      }
    }
  }

  /** The place as a signed statement that anyone can verify. */
  async receipt(): Promise<string> {
    return (await this.#calls.ask<{ receipt: string }>("GET", "receipt")).receipt;
  }

  /** How far the line has come. */
  serving(): Promise<Serving> {
    return this.#calls.ask<Serving>("GET", "serving");
  }

  /** Calls the watcher about once a second with how far the line has come, by a stream, or by asking where there is none. It returns how to end that. */
  watch(watcher: (serving: Serving) => void): () => void {
    return watchServing(this.#calls, this.#end.signal, watcher);
  }

  /** Gives the place up. */
  async leave(): Promise<void> {
    await this.#calls
      .ask("DELETE", "ticket")
      .catch(unless("ticket-missing", "ticket-invalid", "ticket-moved"));
    await this.#calls.keep();
    this.#over({ state: "idle", down: false });
  }

  /** Gives the slot back early: someone else can go in. */
  async release(): Promise<void> {
    const pass = this.#options.store && this.#view.status?.pass;
    await this.#calls
      .ask("DELETE", "pass", pass ? { "Waitroom-Pass": pass } : {})
      .catch(unless("pass-missing"));
    await this.#calls.keep();
    this.#over({ state: "idle", down: false });
  }

  /** Ends the polling. The place is kept by the gateway for a while; another `Waitroom` goes on with it. */
  stop(): void {
    this.#end.abort();
    this.#unwake();
    this.#alarm.ring();
    this.#tabs.close();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const ring = () => this.#alarm.ring();
    signal.addEventListener("abort", ring);
    let joined = isWaiting(this.#view); // another tab has asked so far: its last answer counts, and there may be a later one under way
    if (joined) {
      const due = (this.#view.status as Status).poll_after_ms - (Date.now() - this.#told);
      await this.#alarm.after(Math.max(due, underWay));
    }
    while (!signal.aborted) {
      let pause: number;
      try {
        const status = joined ? await this.#calls.ask<Status>("GET", "status") : await this.#join();
        joined = true;
        if (signal.aborted) break;
        this.#failures = 0;
        this.#take(status);
        pause = status.poll_after_ms * (1 + this.#random() / 10); // never sooner than told
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof WaitroomError)) throw error;
        pause = await this.#fail(error, joined);
      }
      if (!signal.aborted) await this.#alarm.after(pause);
    }
    signal.removeEventListener("abort", ring);
  }

  async #join(): Promise<Status> {
    this.#key ??= crypto.randomUUID(); // whoever repeats it, because the answer was lost, gets the same place
    const key = { "Idempotency-Key": this.#key };
    const headers: Record<string, string> = { ...key };
    if (this.#options.code) headers["Waitroom-Code"] = this.#options.code;
    const join = () => this.#calls.ask<Status>("POST", "join", headers);
    const status = await join().catch(async (error: unknown) => {
      if (!(error instanceof WaitroomError && error.problem === "proof-required")) throw error;
      const puzzle = await this.#calls.ask<Puzzle>("GET", "challenge", key); // its solution is good for this key alone
      if (puzzle.required)
        headers["Waitroom-Proof"] = await solve(puzzle, this.#options.signal as AbortSignal);
      return join();
    });
    this.#key = undefined;
    await this.#calls.keep(status.ticket);
    return status;
  }

  /** Shows why a call failed. It returns when to ask again, ms. */
  async #fail(error: WaitroomError, joined: boolean): Promise<number> {
    if (error.transient) {
      this.#failures++;
      this.#show({ ...this.#view, error, down: this.#failures > 1 }); // one answer lost is no outage
      return this.#pause(error, this.#failures);
    }
    this.#key = undefined;
    const moved = error.problem === "ticket-moved";
    if (joined) await this.#calls.keep();
    this.#over({ ...this.#view, state: moved ? "moved" : joined ? "lost" : "refused", error, down: false });
    return 0;
  }

  #pause(error: WaitroomError, failures: number): number {
    return (error.retryAfter ?? Math.min(500 * 2 ** failures, longest)) * (1 + this.#random() / 4);
  }

  #take(status: Status): void {
    const { ticket: _, ...told } = status; // not for other tabs, nor for a page to show
    const view: View = { state: status.state, status: told, ahead: this.#least.of(status), down: false };
    if (status.state === "passed" || status.state === "expired") {
      view.error = new WaitroomError(
        `ticket-${status.state}`,
        200,
        "The place counts no more; join the line again.",
      );
      void this.#calls.keep();
    }
    this.#show(view);
  }

  #over(view: View): void {
    this.#show(view);
    this.#endRound();
  }

  #endRound(): void {
    this.#round?.abort();
    this.#round = undefined;
  }

  #news(): News {
    const { error, ...view } = this.#view;
    if (!error) return view;
    return { ...view, error: [error.problem, error.status, error.message, error.retryAfter, error.fields] };
  }

  #show(view: View, tell = true): void {
    if (view.status !== this.#view.status) this.#told = Date.now();
    this.#view = view;
    if (tell) this.#tabs.tell(this.#news());
    if (isOver(view)) this.#endRound();
    for (const watcher of [...this.#watchers]) watcher(view);
  }
}

function isOver({ state }: View): boolean {
  return ["admitted", "passed", "expired", "moved", "lost", "refused"].includes(state);
}

function isWaiting({ state }: View): boolean {
  return state === "waiting" || state === "prequeue" || state === "closed";
}

/** Takes an error for success when it is one of these: there was nothing to give up. */
function unless(...problems: string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof WaitroomError && problems.includes(error.problem))) throw error;
  };
}
