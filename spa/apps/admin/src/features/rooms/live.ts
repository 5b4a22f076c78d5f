import type { AdminSchemas } from "@anteroom/api";

export type Room = AdminSchemas["Room"];

/** One point of the charts; `at` in seconds since 1970 by the room's own clock. */
export interface Sample {
  at: number;
  waiting: number;
  active: number;
  admitted: number;
  rate: number;
  cap: number;
}

/** How the connection itself is doing, apart from what it carries. */
type Link = "connecting" | "open" | "reconnecting";

export interface Live {
  link: Link;
  room: Room | null;
  /** When the figures last moved on, in milliseconds of this page's clock. */
  freshAt: number | null;
  /** What the gateway's silence was described as; null while it answers. */
  away: string | null;
  samples: Sample[];
}

/** `now` is milliseconds of a clock that only goes forward (performance.now). */
export type LiveEvent =
  | { type: "opened" }
  | { type: "lost" }
  | { type: "room"; room: Room; now: number }
  | { type: "away"; detail: string };

/** What the indicator shows. "stale": connected, but the figures have stopped moving. */
export type Health = "connecting" | "live" | "stale" | "reconnecting" | "away";

/** History kept for the charts, in seconds. */
export const historySeconds = 15 * 60;
/** Figures come once a second; after this many milliseconds without new ones they are called old. */
export const staleAfterMs = 3500;

export const initialLive: Live = { link: "connecting", room: null, freshAt: null, away: null, samples: [] };

export function reduceLive(state: Live, event: LiveEvent): Live {
  switch (event.type) {
    case "opened":
      return { ...state, link: "open" };
    case "lost":
      return { ...state, link: state.room ? "reconnecting" : state.link };
    case "away":
      return { ...state, away: event.detail };
    case "room":
      return withRoom(state, event.room, event.now);
  }
}

function withRoom(state: Live, room: Room, now: number): Live {
  const before = state.room?.live.as_of;
  // The same as_of twice means that somebody between us and the line repeats an old answer.
  const moved = before !== room.live.as_of;
  return {
    link: "open",
    room,
    away: null,
    freshAt: moved ? now : state.freshAt,
    samples: moved ? withSample(state.samples, sampleOf(room)) : state.samples,
  };
}

function sampleOf({ live, policy }: Room): Sample {
  return {
    at: Math.floor(Date.parse(live.as_of) / 1000),
    waiting: live.waiting,
    active: live.active,
    admitted: live.admitted_last_minute,
    rate: policy.rate_per_minute,
    cap: policy.max_active,
  };
}

/** Keeps the samples ascending, one a second at most, and no older than the history. */
function withSample(samples: Sample[], next: Sample): Sample[] {
  if (!Number.isFinite(next.at)) return samples;
  const kept = samples.filter((s) => s.at < next.at && s.at >= next.at - historySeconds);
  kept.push(next);
  return kept;
}

export function healthOf(state: Live, now: number): Health {
  if (state.link === "reconnecting") return "reconnecting";
  if (state.away !== null) return "away";
  if (state.freshAt === null) return "connecting";
  return now - state.freshAt > staleAfterMs ? "stale" : "live";
}

/** Age of the figures on the screen in whole seconds; null while there are none. */
export function ageSeconds(state: Live, now: number): number | null {
  return state.freshAt === null ? null : Math.max(0, Math.floor((now - state.freshAt) / 1000));
}
