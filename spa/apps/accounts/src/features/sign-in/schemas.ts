import { z } from "zod";

const email = z
  .string()
  .trim()
  .max(254, "tooLong")
  .regex(/^\S+@\S+$/, "emailBad");

/** What signing in asks; a wrong password is for the service to say. */
export const signInSchema = z.object({ email, password: z.string().min(1, "missing") });

/** What an account is made of; the limits are the service's. */
export const signUpSchema = z.object({
  name: z.string().trim().min(1, "missing").max(100, "tooLong"),
  email,
  password: z.string().min(8, "passwordShort").max(200, "tooLong"),
});

/** The messages that the schemas speak of. */
export type FieldMessage = "tooLong" | "emailBad" | "missing" | "passwordShort";
