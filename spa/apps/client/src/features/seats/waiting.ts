import { isProblem, unwrap, type WaitroomSchemas } from "@anteroom/api";

/** A place in the line, as the gate tells it. */
export type Place = WaitroomSchemas["Status"];

/** The gate did not let a call through: the pass ran out, was given back, or never was. */
export class WaitingAgain extends Error {
  override name = "WaitingAgain";

  /** @param place where the visitor stands, when the gate said so */
  constructor(
    readonly place: Place | null = null,
    options?: ErrorOptions,
  ) {
    super("the gate wants the visitor to wait", options);
  }
}

const passProblems = ["pass-missing", "pass-invalid", "pass-expired", "pass-other-room"];

/** The place that a body tells: the gate answers with it in place of the service, or inside of a problem where it may not be success. */
function placeIn(body: unknown): Place | null {
  if (typeof body !== "object" || body === null) return null;
  if ("waitroom" in body) return placeIn(body.waitroom);
  return "state" in body && typeof body.state === "string" && "poll_after_ms" in body
    ? (body as Place)
    : null;
}

/**
 * Waits for a call to a gated path and returns its data.
 * @throws WaitingAgain when the gate wants the visitor to wait, whatever status the room answers that with
 * @throws ApiProblem as unwrap does
 */
export async function gated<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  try {
    return await unwrap(
      call.then((answer) => {
        const place = placeIn(answer.data ?? answer.error);
        if (place) throw new WaitingAgain(place);
        return answer;
      }),
    );
  } catch (error) {
    if (isProblem(error, ...passProblems)) throw new WaitingAgain(null, { cause: error });
    throw error;
  }
}

/**
 * The fewest people that were ever shown ahead of a place. When some who fell silent come back, more are ahead for a while;
 * nobody is shown a number that rises.
 */
export function leastAhead(storage: Pick<Storage, "getItem" | "setItem">, place: Place): number {
  const name = `anteroom:ahead:${place.room}:${place.epoch}:${place.number}`;
  const shown = Number(storage.getItem(name) ?? Number.POSITIVE_INFINITY);
  if (place.ahead < shown) storage.setItem(name, String(place.ahead));
  return Math.min(place.ahead, shown);
}

const key = "anteroom:waited-at";
const pauseMs = 15_000;

/**
 * Whether to go to the waiting room by loading the page anew, by itself: at most once in fifteen seconds, for if the
 * gate lets the page through and not its calls, reloading on and on would help nobody.
 */
export function mayReload(storage: Pick<Storage, "getItem" | "setItem">, now: number): boolean {
  const last = Number(storage.getItem(key) ?? 0);
  if (now - last < pauseMs) return false;
  storage.setItem(key, String(now));
  return true;
}
