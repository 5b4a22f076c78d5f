import type { AdminSchemas } from "@anteroom/api";
import type { Room } from "./live";

export type Mode = AdminSchemas["Mode"];
/** The settings that the live page can change, by their names in the contract. */
export type Tunable = Pick<Room["policy"], "mode" | "rate_per_minute" | "max_active" | "message">;
export type Field = keyof Tunable;
/** What the inputs hold: numbers stay text until they are read. */
export type Draft = { mode: Mode; rate_per_minute: string; max_active: string; message: string };

export interface Change {
  field: Field;
  from: string | number;
  to: string | number;
}

export type FieldError =
  | { kind: "not-a-number" }
  | { kind: "out-of-range"; min: number; max: number }
  | { kind: "too-long"; max: number; length: number };

export const modes: readonly Mode[] = ["open", "queue", "hold", "draining", "closed"];
const fields: readonly Field[] = ["mode", "rate_per_minute", "max_active", "message"];
/** Bounds as in the contract. */
const limits = { rate_per_minute: 10_000_000, max_active: 1_000_000, message: 500 } as const;
/** From this factor up or down, a number is more likely a slip of the finger than a wish. */
const slipFactor = 5;

export function draftOf(policy: Tunable): Draft {
  return {
    mode: policy.mode,
    rate_per_minute: String(policy.rate_per_minute),
    max_active: String(policy.max_active),
    message: policy.message,
  };
}

/** Reads a whole number as people type it ("12,000", "12 000"); NaN for anything else. */
export function readNumber(text: string): number {
  const digits = text.replace(/[\s,_]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
}

export function validate(draft: Draft): Partial<Record<Field, FieldError>> {
  const errors: Partial<Record<Field, FieldError>> = {};
  for (const field of ["rate_per_minute", "max_active"] as const) {
    const value = readNumber(draft[field]);
    if (Number.isNaN(value)) errors[field] = { kind: "not-a-number" };
    else if (value < 1 || value > limits[field])
      errors[field] = { kind: "out-of-range", min: 1, max: limits[field] };
  }
  // The contract counts characters, not UTF-16 units.
  const length = [...draft.message].length;
  if (length > limits.message) errors.message = { kind: "too-long", max: limits.message, length };
  return errors;
}

/** What the draft would change, in the order of the form. A number that cannot be read counts as a change. */
export function changesOf(policy: Tunable, draft: Draft): Change[] {
  return fields.flatMap((field) => {
    const from = policy[field];
    const to = draftValue(draft, field);
    return Object.is(from, to) ? [] : [{ field, from, to }];
  });
}

/** What differs between two policies: how we say what somebody else changed. */
export function policyDifference(from: Tunable, to: Tunable): Change[] {
  return changesOf(from, draftOf(to));
}

function draftValue(draft: Draft, field: Field): string | number {
  return field === "rate_per_minute" || field === "max_active" ? readNumber(draft[field]) : draft[field];
}

/** The body of the request: the changed fields, and the version they were decided on. */
export function bodyOf(changes: Change[], version: number): AdminSchemas["PolicyChange"] {
  return { ...Object.fromEntries(changes.map((c) => [c.field, c.to])), version };
}

/** Changes that want a second Enter: modes that end or drop the line, and numbers that look like a slip. */
export function sharpChanges(changes: Change[]): Change[] {
  return changes.filter(({ field, from, to }) => {
    if (field === "mode") return to === "open" || to === "draining" || to === "closed";
    if (typeof from !== "number" || typeof to !== "number") return false;
    return to >= from * slipFactor || to * slipFactor <= from;
  });
}

/** Seconds until everyone who waits now has been admitted at this rate. */
export function drainSeconds(waiting: number, ratePerMinute: number): number {
  return Math.ceil((waiting / ratePerMinute) * 60);
}

/** The next value of the − and + buttons, on round numbers: 60 → 70, 1,250 → 1,300, 12 → 13. */
export function step(text: string, direction: 1 | -1, field: "rate_per_minute" | "max_active"): string {
  const value = readNumber(text);
  if (Number.isNaN(value)) return text;
  const weighed = direction > 0 ? value : value - 1;
  const unit = weighed < 20 ? 1 : 10 ** Math.max(1, Math.floor(Math.log10(weighed)) - 1);
  const next = direction > 0 ? (Math.floor(value / unit) + 1) * unit : (Math.ceil(value / unit) - 1) * unit;
  return String(Math.min(limits[field], Math.max(1, next)));
}
