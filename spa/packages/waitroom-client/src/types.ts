import type { WaitroomError } from "./problem";

/** Where a visitor stands, as the gateway tells it. */
export type State = "prequeue" | "waiting" | "admitted" | "passed" | "expired" | "closed";

/** A place in the line. The names are those of the gateway's contract. */
export interface Status {
  room: string;
  state: State;
  number: number;
  epoch: number;
  /** People still waiting in front. */
  ahead: number;
  /** An honest range of the wait; null while no one is being admitted. */
  eta_seconds: { low: number; high: number } | null;
  /** When to ask again. */
  poll_after_ms: number;
  ended?: "sold_out" | "over";
  opens_at?: string;
  opens_in_ms?: number;
  message?: string;
  /** On joining and moving only. */
  ticket?: string;
  /** When admitted. */
  pass?: string;
  pass_expires_at?: string;
  admitted_at?: string;
  claim_in_ms?: number;
}

/** How far the line has come; the same for everybody. */
export interface Serving {
  epoch: number;
  issued: number;
  serving: number;
  waiting: number;
  rate_per_minute: number;
  phase: "prequeue" | "open" | "queue" | "hold" | "draining" | "closed";
  ended?: "sold_out" | "over";
  as_of: string;
}

/** A link that takes the place to another device: once, for some minutes. Whoever has it takes the place. */
export interface MoveLink {
  /** Whole address, to be opened on the other device or shown as a QR code. */
  url: string;
  number: number;
  expires_at: string;
  /**
   * The address as a QR code, to be drawn dark on light:
   * `<svg viewBox="0 0 {size} {size}"><path d="{path}" stroke="#000" /></svg>`
   */
  qr: { size: number; path: string };
}

/** What to show just now. */
export interface View {
  /**
   * - `idle`: not in the line; `joining`: asking for a place
   * - a `State`: as the gateway says
   * - `moved`: the place is on another device now
   * - `lost`: the place no longer counts; `error` says why, and `join()` takes a new one
   * - `refused`: no place was given; `error` says why
   */
  state: State | "idle" | "joining" | "moved" | "lost" | "refused";
  /** The last place that was told; undefined before. */
  status?: Status;
  /** The least `ahead` so far: who comes back from silence in front must not make the line seem to go back. */
  ahead?: number;
  /** Why the last call failed; undefined after one that did not. */
  error?: WaitroomError;
  /** The line could not be asked the last times: what is shown is old, the place is kept. */
  down: boolean;
}

/** Keeps the ticket where cookies do not: in an app, or on a page of another site. Each may answer at once or by a promise. */
export interface TicketStore {
  get(name: string): string | null | undefined | Promise<string | null | undefined>;
  set(name: string, value: string): void | Promise<void>;
  remove(name: string): void | Promise<void>;
}

/** How a `Waitroom` is made. */
export interface WaitroomOptions {
  /** Name of the room. */
  room: string;
  /** Origin of the gateway, such as `https://shop.example`; the page's own when left out. */
  base?: string;
  /** Where the ticket is kept. Left out, the browser keeps it in a cookie that no script can read. */
  store?: TicketStore;
  /** A presale code, where the room asks for one. */
  code?: string;
  /** One poller for all tabs, where the browser can; true when left out. */
  share?: boolean;
  /** Ends everything. */
  signal?: AbortSignal;
  /** How long one call may take, ms; 10,000 when left out. */
  timeout?: number;
  /** For tests and for apps with a fetch of their own. */
  fetch?: typeof fetch;
  /** For tests: 0 to 1. */
  random?: () => number;
}
