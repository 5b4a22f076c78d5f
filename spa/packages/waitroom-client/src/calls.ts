import { problemOf, WaitroomError } from "./problem";
import type { TicketStore, WaitroomOptions } from "./types";

/** The calls of one room, with the ticket where it is kept. */
export class Calls {
  readonly origin: string;
  readonly #path: string;
  readonly #store: TicketStore | undefined;
  readonly #fetch: typeof fetch;
  readonly #options: WaitroomOptions;
  readonly #name: string;

  constructor(options: WaitroomOptions) {
    this.origin = options.base ?? globalThis.location?.origin ?? "";
    this.#path = `${this.origin}/waitroom/v1/${encodeURIComponent(options.room)}/`;
    this.#store = options.store;
    this.#fetch = options.fetch ?? ((...args) => fetch(...args));
    this.#options = options;
    this.#name = `waitroom:${this.origin}:${options.room}`;
  }

  /** Asks, and returns what came back, undefined for an empty answer. It fails with a WaitroomError, or as the signal was aborted. */
  async ask<T>(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: unknown,
  ): Promise<T> {
    const { timeout = 10_000, signal } = this.#options;
    const limit = AbortSignal.timeout(timeout);
    const ticket = await this.ticket();
    const init: RequestInit = {
      method,
      cache: "no-store",
      credentials: this.#store ? "omit" : "include",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        Accept: "application/json",
        ...(ticket ? { Authorization: `Bearer ${ticket}` } : {}),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
    };
    if (body !== undefined) init.body = JSON.stringify(body);
    let answer: Response;
    let value: T;
    try {
      answer = await this.#fetch(this.#path + path, init);
      if (!answer.ok) throw await problemOf(answer);
      value = (answer.status === 204 ? undefined : await answer.json()) as T;
    } catch (error) {
      if (error instanceof WaitroomError || signal?.aborted) throw error;
      throw new WaitroomError("offline", 0, "The waiting room cannot be reached.", undefined, [], {
        cause: error,
      });
    }
    return value;
  }

  /** The address of a call, for those that are no fetch. */
  address(path: string): string {
    return this.#path + path;
  }

  async ticket(): Promise<string | null | undefined> {
    return this.#store?.get(this.#name);
  }

  /** Keeps a ticket, or forgets it; without a store the cookie does that. */
  async keep(ticket?: string): Promise<void> {
    await (ticket ? this.#store?.set(this.#name, ticket) : this.#store?.remove(this.#name));
  }
}
