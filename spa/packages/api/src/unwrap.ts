import { offlineProblem, toProblem } from "./problem";

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * Waits for a call of a client and returns its data.
 * @throws ApiProblem for every answer that is not 2xx, and when no answer came.
 */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data } = await unwrapWithResponse(call);
  return data;
}

/** The same, for who must look at the status as well (201 or 202). */
export async function unwrapWithResponse<T>(
  call: Promise<Answer<T>>,
): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    // fetch throws TypeError without a network; a body that is not JSON throws SyntaxError; an abort is neither.
    if (cause instanceof TypeError) throw offlineProblem(cause);
    if (cause instanceof SyntaxError) throw toProblem(undefined, 502);
    throw cause;
  }
  if (!answer.response.ok) throw toProblem(answer.error, answer.response.status);
  return { data: answer.data as T, response: answer.response };
}
