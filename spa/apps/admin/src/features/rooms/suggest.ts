import { type Draft, readNumber } from "./changes";
import type { Field } from "./settings";

type Suggestions = Partial<Record<Field, (draft: Draft) => number>>;

/** What a guard wants to be switched on at all: moderate values to begin watching with. See docs/guards.md. */
const wanted: Partial<Record<Field, Suggestions>> = {
  "guards.proof_of_work": { "guards.proof_bits": () => 18 },
  "guards.join_limit": { "guards.joins_per_address": () => 60, "guards.joins_per_prefix": () => 600 },
  "adaptive.stage": {
    "adaptive.min_rate_per_minute": (draft) =>
      Math.max(1, Math.floor((readNumber(draft.rate_per_minute) || 0) / 10)),
    "adaptive.target_p95_ms": () => 1000,
    "adaptive.max_error_percent": () => 5,
  },
};

/**
 * What else an edit changes: a guard that is switched on, and has none of its numbers yet, gets some; one that is switched off again gets
 * back those that it had.
 */
export function suggested(inForce: Draft, draft: Draft, change: Partial<Draft>): Partial<Draft> {
  const more: Partial<Draft> = {};
  for (const [stage, numbers] of Object.entries(wanted) as [Field, Suggestions][]) {
    const to = change[stage];
    if (to === undefined) continue;
    const fields = Object.entries(numbers) as [Field, (draft: Draft) => number][];
    if (to === "") for (const [field] of fields) more[field] = inForce[field];
    else if (fields.every(([field]) => readNumber(draft[field]) === 0))
      for (const [field, number] of fields) more[field] = String(number(draft));
  }
  return more;
}
