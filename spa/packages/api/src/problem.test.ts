import { describe, expect, test } from "vitest";
import { type ApiProblem, isProblem, toProblem } from "./problem";
import { unwrap } from "./unwrap";

const response = (status: number) => new Response(null, { status });

describe("a problem document", () => {
  test("keeps its name, fields and seats", async () => {
    const body = { type: "urn:anteroom:problem:seat-taken", title: "Taken", status: 409, seat_ids: [7, 8] };
    const error = await unwrap(Promise.resolve({ error: body, response: response(409) })).catch(
      (e: unknown) => e,
    );
    expect(isProblem(error, "seat-taken")).toBe(true);
    expect(isProblem(error, "limit-reached")).toBe(false);
    expect((error as ApiProblem).seatIds).toEqual([7, 8]);
    expect((error as ApiProblem).transient).toBe(false);
  });

  test("names the field that is wrong", () => {
    const problem = toProblem(
      {
        type: "urn:anteroom:problem:invalid",
        title: "Invalid",
        status: 422,
        fields: [{ name: "email", message: "no @" }],
      },
      422,
    );
    expect(problem.field("email")).toBe("no @");
    expect(problem.field("name")).toBeUndefined();
  });
});

test("a proxy's page is unknown, with its status", () => {
  const problem = toProblem("<html>", 502);
  expect(problem.problem).toBe("unknown");
  expect(problem.status).toBe(502);
  expect(problem.transient).toBe(true);
});

test("no answer is offline", async () => {
  const error = await unwrap(Promise.reject(new TypeError("Failed to fetch"))).catch((e: unknown) => e);
  expect(isProblem(error, "offline")).toBe(true);
});

test("an aborted call stays an abort, so that nothing is shown for it", async () => {
  const abort = new DOMException("gone", "AbortError");
  await expect(unwrap(Promise.reject(abort))).rejects.toBe(abort);
});

test("data passes through", async () => {
  await expect(unwrap(Promise.resolve({ data: { a: 1 }, response: response(200) }))).resolves.toEqual({
    a: 1,
  });
});
