/** The body every service answers an error with (RFC 9457); `type` is stable, `urn:anteroom:problem:<name>`. */
interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail?: string;
  fields?: { name: string; message: string }[];
  seat_ids?: number[];
}

const prefix = "urn:anteroom:problem:";

/** An error as a service told it, or as the network made it (`name` is then "offline", status 0). */
export class ApiProblem extends Error {
  /** The short name of the problem: "seat-taken", "payment-declined", "offline", … */
  readonly problem: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly fields: { name: string; message: string }[];
  readonly seatIds: number[];
  readonly #body: object;

  constructor(body: ProblemBody, cause?: unknown) {
    super(body.detail ?? body.title, { cause });
    this.name = "ApiProblem";
    this.problem = body.type.startsWith(prefix) ? body.type.slice(prefix.length) : "unknown";
    this.status = body.status;
    this.fields = body.fields ?? [];
    this.seatIds = body.seat_ids ?? [];
    this.#body = body;
  }

  /** Whether asking again later may help: no answer, too many requests, or a server that is not well. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** A number that this type of problem has of its own, such as `together` of "seats-not-together". */
  number(member: string): number | undefined {
    const value: unknown = Object.entries(this.#body).find(([name]) => name === member)?.[1];
    return typeof value === "number" ? value : undefined;
  }

  /** The message of one field of the request, when the service named it. */
  field(name: string): string | undefined {
    return this.fields.find((f) => f.name === name)?.message;
  }
}

/** Whether an unknown error is the problem of that name. */
export function isProblem(error: unknown, ...names: string[]): error is ApiProblem {
  return error instanceof ApiProblem && (names.length === 0 || names.includes(error.problem));
}

/** Makes an ApiProblem of whatever came instead of a good answer; a proxy's HTML page is "unknown". */
export function toProblem(body: unknown, status: number): ApiProblem {
  if (typeof body === "object" && body !== null && "type" in body && typeof body.type === "string") {
    const known = body as Partial<ProblemBody> & { type: string };
    return new ApiProblem({ ...known, title: known.title ?? known.type, status: known.status ?? status });
  }
  return new ApiProblem({ type: `${prefix}unknown`, title: `HTTP ${status}`, status });
}

/** The problem of a request that got no answer. */
export function offlineProblem(cause: unknown): ApiProblem {
  return new ApiProblem(
    { type: `${prefix}offline`, title: "The server could not be reached.", status: 0 },
    cause,
  );
}
