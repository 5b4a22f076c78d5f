import type { Status } from "./types";

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** A gateway in a few lines, behind a fetch, for tests: one room, tickets that are numbers, and failures on demand. */
export class FakeGateway {
  /** What was asked, as "POST join". */
  readonly calls: string[] = [];
  readonly headers: Headers[] = [];
  /** When each call came, by the (fake) clock. */
  readonly times: number[] = [];
  /** Answers that come before the gateway's own; "offline" loses the request, "lost" only the answer. */
  readonly next: (Answer | "offline" | "lost")[] = [];
  readonly places: Status[] = [];
  readonly #byKey = new Map<string, number>();

  readonly fetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted();
    const call = `${init.method} ${String(input).split("/waitroom/v1/arena/")[1]}`;
    const headers = new Headers(init.headers);
    this.calls.push(call);
    this.headers.push(headers);
    this.times.push(Date.now());
    const planned = this.next.shift();
    if (planned === "offline") throw new TypeError("Failed to fetch");
    const {
      status,
      body,
      headers: sent = {},
    } = planned && planned !== "lost" ? planned : this.#answer(call, headers);
    if (planned === "lost") throw new TypeError("Failed to fetch");
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: sent });
  };

  /** The place of a number, to be changed by a test. */
  place(number = 1): Status {
    return this.places[number - 1] as Status;
  }

  #answer(call: string, headers: Headers): Answer {
    const ticket = Number(headers.get("Authorization")?.replace("Bearer ", "") ?? 0);
    const own = this.places[(ticket || 1) - 1];
    switch (call) {
      case "POST join": {
        const key = headers.get("Idempotency-Key") ?? "";
        const number = (ticket && own ? ticket : this.#byKey.get(key)) ?? this.#add();
        this.#byKey.set(key, number);
        return { status: 201, body: { ...this.place(number), ticket: String(number) } };
      }
      case "GET status":
        return own ? { status: 200, body: own } : problem(401, "ticket-missing");
      case "POST move":
        return {
          status: 201,
          body: {
            url: "/waitroom/v1/arena/move/abc",
            number: 1,
            expires_at: "2026-11-22T10:00:00Z",
            qr: { size: 41, path: "M4 4.5h7" },
          },
        };
      case "GET receipt":
        return { status: 200, body: { receipt: "a.b.c" } };
      case "GET serving":
        return { status: 200, body: { epoch: 1, issued: this.places.length, serving: 0 } };
      case "POST move/abc":
        return { status: 201, body: { ...this.place(), ticket: "1" } };
      case "DELETE ticket":
      case "DELETE pass":
        return { status: 204 };
      default:
        return problem(404, "path-unknown");
    }
  }

  #add(): number {
    const number = this.places.length + 1;
    this.places.push({
      room: "arena",
      state: "waiting",
      number,
      epoch: 1,
      ahead: 9 + number,
      eta_seconds: { low: 60, high: 120 },
      poll_after_ms: 2000,
    });
    return number;
  }
}

/** An error as the gateway tells it. */
export function problem(status: number, name: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers,
    body: { type: `urn:anteroom:problem:${name}`, title: name, status, detail: `It is ${name}.` },
  };
}
