const prefix = "urn:anteroom:problem:";

/** Why a call failed: as the gateway told it (RFC 9457), or "offline" when no answer came, "unknown" when it was none of the gateway's. */
export class WaitroomError extends Error {
  constructor(
    /** The stable name: "ticket-moved", "room-closed", "line-unavailable", "offline", … */
    readonly problem: string,
    /** HTTP status; 0 when no answer came. */
    readonly status: number,
    message: string,
    /** When asking again makes sense, ms; undefined when nobody has said. */
    readonly retryAfter?: number,
    readonly fields: { name: string; message: string }[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "WaitroomError";
  }

  /** Asking again later may help. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Makes an error of an answer that is no success. */
export async function problemOf(answer: Response): Promise<WaitroomError> {
  const body = (await answer.json().catch(() => null)) as {
    type?: unknown;
    title?: string;
    detail?: string;
    fields?: { name: string; message: string }[];
  } | null;
  const type =
    typeof body?.type === "string" && body.type.startsWith(prefix)
      ? body.type.slice(prefix.length)
      : "unknown";
  const seconds = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  const wait = seconds >= 0 ? seconds * 1000 : undefined;
  return new WaitroomError(
    type,
    answer.status,
    body?.detail ?? body?.title ?? answer.statusText,
    wait,
    body?.fields,
  );
}
