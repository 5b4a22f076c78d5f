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

const fields = Object.keys(settings) as Field[];
/** From this factor up or down, a number is more likely a slip of the finger than a wish. */
const slipFactor = 5;

export function draftOf(policy: Policy): Draft {
  return Object.fromEntries(fields.map((field) => [field, String(valueAt(policy, field))])) as Draft;
}

/** What a setting is in a policy. What is absent there is off, empty or 0. */
function valueAt(policy: Policy, field: Field): Value {
  let at: unknown = policy;
  for (const name of field.split(".")) at = (at as Record<string, unknown> | undefined)?.[name];
  if (at !== undefined) return at as Value;
  const { kind } = settings[field];
  return kind === "number" ? 0 : kind === "switch" ? false : "";
}

/** Reads a whole number as people type it ("12,000", "12 000"); NaN for anything else. */
export function readNumber(text: string): number {
  const digits = text.replace(/[\s,_]/g, "");
  return /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** What the draft would change, in the order of the form. A number that cannot be read counts as a change. */
export function changesOf(policy: Policy, draft: Draft): Change[] {
  return fields.flatMap((field) => {
    const from = valueAt(policy, field);
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

/** The body of the request: what is changed, its part as a whole, and the version that it was decided on. */
export function bodyOf(changes: Change[], policy: Policy, version: number): AdminSchemas["PolicyChange"] {
  const body: Bag = { version };
  for (const { field, to } of changes) {
    const path = field.split(".");
    const [part = field] = path;
    // Members that this page does not know stay as they are.
    if (path.length > 1) body[part] ??= structuredClone(policy[part as keyof Policy] ?? {});
    put(body, path, to);
  }
  return body;
}

type Bag = Record<string, unknown>;

function put(into: Bag, [name = "", ...rest]: string[], value: Value) {
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  into[name] ??= {};
  put(into[name] as Bag, rest, value);
}

/**
 * Changes that want a second Enter: modes that end or drop the line, another order, a guard that from now on refuses people, and numbers
 * that look like a slip.
 */
export function sharpChanges(changes: Change[]): Change[] {
  return changes.filter(({ field, from, to }) => {
    if (settings[field].kind === "stage") return to === "enforce";
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
