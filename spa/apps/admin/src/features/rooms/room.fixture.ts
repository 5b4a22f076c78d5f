import type { Room } from "./live";

/** A room for tests: queue mode, 60 a minute, 200 at a time, version 7. */
export function roomAt(
  asOf: string,
  live: Partial<Room["live"]>,
  policy: Partial<Room["policy"]> = {},
): Room {
  return {
    room: "arena",
    version: 7,
    policy: {
      mode: "queue",
      method: "fifo",
      rate_per_minute: 60,
      max_active: 200,
      burst_seconds: 1,
      session_idle_seconds: 120,
      session_limit_seconds: 600,
      ghost_seconds: 60,
      return_grace_seconds: 300,
      poll_min_ms: 1000,
      poll_max_ms: 10_000,
      gate_status: 200,
      on_outage: "hold",
      end_when_sold_out: false,
      prequeue_at: "",
      open_at: "",
      close_at: "",
      time_zone: "UTC",
      beacon: "",
      message: "",
      pass_life_seconds: 300,
      pass_rate_per_second: 0,
      pass_concurrency: 0,
      ...policy,
    },
    live: {
      epoch: 1,
      phase: "queue",
      issued: 0,
      serving: 0,
      waiting: 0,
      active: 0,
      admitted_total: 0,
      admitted_last_minute: 0,
      would_queue: 0,
      as_of: asOf,
      ...live,
    },
  };
}
