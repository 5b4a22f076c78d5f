import type { AdminSchemas } from "@anteroom/api";
import { type Field, type Policy, settings } from "./settings";

/** What the inputs hold: everything is text until it is read. */
export type Draft = Record<Field, string>;

type Value = string | number | boolean;

export interface Change {
  field: Field;
  from: Value;
  to: Value;
}

export type FieldError =
  | { kind: "not-a-number" }
  | { kind: "out-of-range"; min: number; max: number }
  | { kind: "too-long"; max: number; length: number };

const fields = Object.keys(settings) as Field[];
/** From this factor up or down, a number is more likely a slip of the finger than a wish. */
const slipFactor = 5;

export function draftOf(policy: Policy): Draft {
  return Object.fromEntries(fields.map((field) => [field, String(policy[field])])) as Draft;
}

/** Reads a whole number as people type it ("12,000", "12 000"); NaN for anything else. */
export function readNumber(text: string): number {
  const digits = text.replace(/[\s,_]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
}

export function validate(draft: Draft): Partial<Record<Field, FieldError>> {
  const errors: Partial<Record<Field, FieldError>> = {};
  for (const field of fields) {
    const setting = settings[field];
    if (setting.kind === "number") {
      const value = readNumber(draft[field]);
      const min = field === "rate_per_minute" && !pauses(draft.mode) ? 1 : setting.min;
      if (Number.isNaN(value)) errors[field] = { kind: "not-a-number" };
      else if (value < min || value > setting.max)
        errors[field] = { kind: "out-of-range", min, max: setting.max };
    }
    if (setting.kind === "text") {
      // The contract counts characters, not UTF-16 units.
      const length = [...draft[field]].length;
      if (length > setting.max) errors[field] = { kind: "too-long", max: setting.max, length };
    }
  }
  return errors;
}

/** Whether a mode admits no one, so that the rate may be 0. */
function pauses(mode: string): boolean {
  return mode === "hold" || mode === "closed";
}

/** What the draft would change, in the order of the form. A number that cannot be read counts as a change. */
export function changesOf(policy: Policy, draft: Draft): Change[] {
  return fields.flatMap((field) => {
    const from = policy[field];
    const to = draftValue(draft, field);
    return Object.is(from, to) ? [] : [{ field, from, to }];
  });
}

/** What differs between two policies: how we say what somebody else changed. */
export function policyDifference(from: Policy, to: Policy): Change[] {
  return changesOf(from, draftOf(to));
}

function draftValue(draft: Draft, field: Field): Value {
  const setting = settings[field];
  if (setting.kind === "number") return readNumber(draft[field]);
  if (setting.kind === "switch") return draft[field] === "true";
  if (setting.kind === "choice")
    return setting.of.find((one) => String(one) === draft[field]) ?? draft[field];
  return draft[field];
}

/** The body of the request: the changed fields, and the version they were decided on. */
export function bodyOf(changes: Change[], version: number): AdminSchemas["PolicyChange"] {
  return { ...Object.fromEntries(changes.map((c) => [c.field, c.to])), version };
}

/** Changes that want a second Enter: modes that end or drop the line, another order, and numbers that look like a slip. */
export function sharpChanges(changes: Change[]): Change[] {
  return changes.filter(({ field, from, to }) => {
    if (field === "mode") return to === "open" || to === "draining" || to === "closed";
    if (field === "method") return true;
    if (field !== "rate_per_minute" && field !== "max_active") return false;
    if (from === 0 || to === 0) return false; // a pause, and its end
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
  const most = field === "rate_per_minute" ? 10_000_000 : 1_000_000;
  return String(Math.min(most, Math.max(1, next)));
}
