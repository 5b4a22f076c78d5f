import * as z from "zod/mini";

const email = z.string().check(z.trim(), z.maxLength(254, "tooLong"), z.regex(/^\S+@\S+$/, "emailBad"));

/** What signing in asks; a wrong password is for the service to say. */
export const signInSchema = z.object({ email, password: z.string().check(z.minLength(1, "missing")) });

/** What an account is made of; the limits are the service's. */
export const signUpSchema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "missing"), z.maxLength(100, "tooLong")),
  email,
  password: z.string().check(z.minLength(8, "passwordShort"), z.maxLength(200, "tooLong")),
});

/** The messages that the schemas speak of. */
export type FieldMessage = "tooLong" | "emailBad" | "missing" | "passwordShort";
