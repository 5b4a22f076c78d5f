import type { AdminSchemas } from "@anteroom/api";
import type { Room } from "./live";

export type Mode = AdminSchemas["Mode"];
export type Policy = Room["policy"];
/** A setting of a room, by its name in the contract. */
export type Field = keyof Policy;

/** What a setting can be; bounds as in the contract. */
type Setting =
  | { kind: "number"; min: number; max: number }
  | { kind: "text"; max: number }
  | { kind: "choice"; of: readonly (string | number)[] }
  | { kind: "switch" }
  | { kind: "time" };

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
};

/** The settings beyond mode, rate, cap and message, as the form groups them. */
export const groups = {
  limits: ["burst_seconds", "session_idle_seconds", "session_limit_seconds"],
  passes: ["pass_life_seconds", "pass_rate_per_second", "pass_concurrency"],
  waiting: ["ghost_seconds", "return_grace_seconds", "poll_min_ms", "poll_max_ms", "gate_status"],
  schedule: ["prequeue_at", "open_at", "close_at", "time_zone"],
  draw: ["method", "beacon"],
  outage: ["on_outage", "end_when_sold_out"],
} as const satisfies Record<string, readonly Field[]>;

export type Group = keyof typeof groups;
/** A setting of one of the groups. */
export type Grouped = (typeof groups)[Group][number];
