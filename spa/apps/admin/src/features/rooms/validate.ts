import { type Draft, readNumber } from "./changes";
import { type Field, settings } from "./settings";

type FieldError =
  | { kind: "not-a-number" }
  | { kind: "out-of-range"; min: number; max: number }
  | { kind: "too-long"; max: number; length: number }
  | { kind: "not-a-colour" }
  | { kind: "not-an-address" }
  | { kind: "limits-nothing" }
  | { kind: "wants-opening" };

type Errors = Partial<Record<Field, FieldError>>;

/** What is wrong with a draft, by field. The gateway judges again, and what it says is shown as well. */
export function validate(draft: Draft): Errors {
  const errors: Errors = {};
  for (const field of Object.keys(settings) as Field[]) {
    const error = errorOf(field, draft);
    if (error) errors[field] = error;
  }
  const none = (field: Field) => readNumber(draft[field]) === 0;
  if (draft["guards.join_limit"] && none("guards.joins_per_address") && none("guards.joins_per_prefix"))
    errors["guards.join_limit"] = { kind: "limits-nothing" };
  if (draft["guards.presale_until_open"] === "true" && draft.open_at === "")
    errors["guards.presale_until_open"] = { kind: "wants-opening" };
  return errors;
}

function errorOf(field: Field, draft: Draft): FieldError | undefined {
  const setting = settings[field];
  const text = draft[field];
  if (setting.kind === "number") {
    const value = readNumber(text);
    const [min, max] = bounds(field, draft, setting);
    if (Number.isNaN(value)) return { kind: "not-a-number" };
    if (value < min || value > max) return { kind: "out-of-range", min, max };
  }
  if (setting.kind === "text") {
    // The contract counts characters, not UTF-16 units.
    const length = [...text].length;
    if (length > setting.max) return { kind: "too-long", max: setting.max, length };
  }
  if (setting.kind === "colour" && text !== "" && !/^#[0-9a-f]{6}$/.test(text))
    return { kind: "not-a-colour" };
  if (field === "brand.logo_url" && text !== "" && !isLogo(text)) return { kind: "not-an-address" };
  return undefined;
}

/** The bounds of a number as the rest of the draft has them. */
function bounds(field: Field, draft: Draft, { min, max }: { min: number; max: number }): [number, number] {
  const adapts = draft["adaptive.stage"] !== "";
  switch (field) {
    case "rate_per_minute":
      return [pauses(draft.mode) ? min : 1, max];
    case "guards.proof_bits":
      return draft["guards.proof_of_work"] === "" && readNumber(draft[field]) === 0 ? [0, max] : [8, max];
    case "adaptive.min_rate_per_minute":
      return adapts ? [1, Math.max(1, readNumber(draft.rate_per_minute) || 0)] : [min, max];
    case "adaptive.target_p95_ms":
    case "adaptive.max_error_percent":
      return [adapts ? 1 : min, max];
    default:
      return [min, max];
  }
}

/** Whether a mode admits no one, so that the rate may be 0. */
function pauses(mode: string): boolean {
  return mode === "hold" || mode === "closed";
}

/** An https address with a host by name, or a path on the page's own host; a browser takes a backslash for a slash. */
function isLogo(text: string): boolean {
  if (/^\/[^/\\]/.test(text)) return !text.includes("\\");
  return /^https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?([/?#]|$)/.test(text);
}
