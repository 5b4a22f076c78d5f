import { expect, test } from "vitest";
import { signInSchema, signUpSchema } from "./schemas";

test("spaces around an address and a name are not part of them, those of a password are", () => {
  expect(signUpSchema.parse({ name: " Kim ", email: " a@b.test ", password: " 1234567 " })).toEqual({
    name: "Kim",
    email: "a@b.test",
    password: " 1234567 ",
  });
});

test.each([
  [{ name: "", email: "a@b.test", password: "12345678" }, "name", "missing"],
  [{ name: "x".repeat(101), email: "a@b.test", password: "12345678" }, "name", "tooLong"],
  [{ name: "Kim", email: "nobody", password: "12345678" }, "email", "emailBad"],
  [{ name: "Kim", email: "a@b.test", password: "1234567" }, "password", "passwordShort"],
])("%j: %s is %s", (form, field, message) => {
  const issue = signUpSchema.safeParse(form).error?.issues[0];
  expect([issue?.path[0], issue?.message]).toEqual([field, message]);
});

test("signing in does not judge an old, short password", () => {
  expect(signInSchema.safeParse({ email: "a@b.test", password: "x" }).success).toBe(true);
});
