import type { AdminSchemas } from "@anteroom/api";
import type { Room } from "./live";

export type Mode = AdminSchemas["Mode"];
export type Policy = Room["policy"];

type Brand = AdminSchemas["Brand"];
/** What is sent as a whole, and shown a setting at a time. */
type Part = "brand" | "guards" | "adaptive";
/** A setting of a room, by its path in the contract. */
export type Field =
  | Exclude<keyof Policy, Part>
  | `brand.${Exclude<keyof Brand, "texts">}`
  | `brand.texts.${keyof NonNullable<Brand["texts"]>}.${keyof AdminSchemas["BrandText"]}`
  | `guards.${keyof AdminSchemas["Guards"]}`
  | `adaptive.${keyof AdminSchemas["Adaptive"]}`;

/** What a setting can be; bounds as in the contract. */
type Setting =
  | { kind: "number"; min: number; max: number }
  | { kind: "text"; max: number; long?: true }
  | { kind: "choice"; of: readonly (string | number)[] }
  | { kind: "stage" }
  | { kind: "colour" }
  | { kind: "switch" }
  | { kind: "time" };

/** How far a guard goes; the first is off. */
export const stages: readonly AdminSchemas["Watch"][] = ["", "watch", "enforce"];

export const modes: readonly Mode[] = ["open", "queue", "hold", "draining", "closed"];

/** Every setting, in the order of the form. */
export const settings: Record<Field, Setting> = {
  mode: { kind: "choice", of: modes },
  rate_per_minute: { kind: "number", min: 0, max: 10_000_000 },
  max_active: { kind: "number", min: 1, max: 1_000_000 },
  message: { kind: "text", max: 500 },
  burst_seconds: { kind: "number", min: 1, max: 60 },
  session_idle_seconds: { kind: "number", min: 1, max: 86_400 },
  session_limit_seconds: { kind: "number", min: 1, max: 86_400 },
  pass_life_seconds: { kind: "number", min: 0, max: 86_400 },
  pass_rate_per_second: { kind: "number", min: 0, max: 10_000 },
  pass_concurrency: { kind: "number", min: 0, max: 1000 },
  ghost_seconds: { kind: "number", min: 2, max: 3600 },
  return_grace_seconds: { kind: "number", min: 0, max: 86_400 },
  poll_min_ms: { kind: "number", min: 100, max: 60_000 },
  poll_max_ms: { kind: "number", min: 100, max: 60_000 },
  gate_status: { kind: "choice", of: [200, 202, 429] },
  prequeue_at: { kind: "time" },
  open_at: { kind: "time" },
  close_at: { kind: "time" },
  time_zone: { kind: "text", max: 64 },
  method: { kind: "choice", of: ["fifo", "draw", "passthrough", "reject"] },
  beacon: { kind: "text", max: 200 },
  on_outage: { kind: "choice", of: ["hold", "open", "closed"] },
  end_when_sold_out: { kind: "switch" },
  "brand.name": { kind: "text", max: 80 },
  "brand.logo_url": { kind: "text", max: 500 },
  "brand.colour": { kind: "colour" },
  "brand.background": { kind: "colour" },
  "brand.texts.ko.title": { kind: "text", max: 120 },
  "brand.texts.ko.lead": { kind: "text", max: 400, long: true },
  "brand.texts.en.title": { kind: "text", max: 120 },
  "brand.texts.en.lead": { kind: "text", max: 400, long: true },
  "brand.texts.ja.title": { kind: "text", max: 120 },
  "brand.texts.ja.lead": { kind: "text", max: 400, long: true },
  "guards.proof_of_work": { kind: "stage" },
  "guards.proof_bits": { kind: "number", min: 0, max: 26 },
  "guards.join_limit": { kind: "stage" },
  "guards.joins_per_address": { kind: "number", min: 0, max: 1_000_000 },
  "guards.joins_per_prefix": { kind: "number", min: 0, max: 1_000_000 },
  "guards.presale": { kind: "stage" },
  "guards.presale_until_open": { kind: "switch" },
  "guards.shadow": { kind: "stage" },
  "adaptive.stage": { kind: "stage" },
  "adaptive.min_rate_per_minute": { kind: "number", min: 0, max: 10_000_000 },
  "adaptive.target_p95_ms": { kind: "number", min: 0, max: 60_000 },
  "adaptive.max_error_percent": { kind: "number", min: 0, max: 100 },
  "adaptive.max_in_flight": { kind: "number", min: 0, max: 100_000 },
};

/** The settings beyond mode, rate, cap and message, as the form groups them. */
export const groups = {
  limits: ["burst_seconds", "session_idle_seconds", "session_limit_seconds"],
  passes: ["pass_life_seconds", "pass_rate_per_second", "pass_concurrency"],
  waiting: ["ghost_seconds", "return_grace_seconds", "poll_min_ms", "poll_max_ms", "gate_status"],
  schedule: ["prequeue_at", "open_at", "close_at", "time_zone"],
  draw: ["method", "beacon"],
  outage: ["on_outage", "end_when_sold_out"],
  guards: [
    "guards.proof_of_work",
    "guards.proof_bits",
    "guards.join_limit",
    "guards.joins_per_address",
    "guards.joins_per_prefix",
    "guards.presale",
    "guards.presale_until_open",
    "guards.shadow",
  ],
  adaptive: [
    "adaptive.stage",
    "adaptive.min_rate_per_minute",
    "adaptive.target_p95_ms",
    "adaptive.max_error_percent",
    "adaptive.max_in_flight",
  ],
  brand: [
    "brand.name",
    "brand.logo_url",
    "brand.colour",
    "brand.background",
    "brand.texts.ko.title",
    "brand.texts.ko.lead",
    "brand.texts.en.title",
    "brand.texts.en.lead",
    "brand.texts.ja.title",
    "brand.texts.ja.lead",
  ],
} as const satisfies Record<string, readonly Field[]>;

export type Group = keyof typeof groups;
/** A setting of one of the groups. */
export type Grouped = (typeof groups)[Group][number];
