import { isProblem, unwrap } from "@anteroom/api";

/** The gate did not let a call through: the pass ran out, was given back, or never was. */
export class WaitingAgain extends Error {
  override name = "WaitingAgain";
}

const passProblems = ["pass-missing", "pass-invalid", "pass-expired", "pass-other-room"];

/** Whether a body is the status of a visitor in the line, which the gate answers in place of the service. */
function isWaitingStatus(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    "state" in body &&
    typeof body.state === "string" &&
    "poll_after_ms" in body
  );
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
        if (isWaitingStatus(answer.data ?? answer.error)) throw new WaitingAgain();
        return answer;
      }),
    );
  } catch (error) {
    if (isProblem(error, ...passProblems)) throw new WaitingAgain(error.message, { cause: error });
    throw error;
  }
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
