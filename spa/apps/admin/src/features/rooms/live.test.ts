import { describe, expect, test } from "vitest";
import {
  ageSeconds,
  healthOf,
  historySeconds,
  initialLive,
  type Live,
  reduceLive,
  staleAfterMs,
} from "./live";
import { roomAt } from "./room.fixture";

const first = roomAt("2026-11-22T10:00:00.100Z", { waiting: 5 });
const second = roomAt("2026-11-22T10:00:01.100Z", { waiting: 4 });

function after(...events: Parameters<typeof reduceLive>[1][]): Live {
  return events.reduce(reduceLive, initialLive);
}

describe("reduceLive", () => {
  test("a figure makes the page live", () => {
    const live = after({ type: "opened" }, { type: "room", room: first, now: 1000 });
    expect(healthOf(live, 1000)).toBe("live");
    expect(live.room?.live.waiting).toBe(5);
  });

  test("an open connection without figures is still connecting", () => {
    expect(healthOf(after({ type: "opened" }), 99_999)).toBe("connecting");
  });

  test("a repeated as_of does not make old figures look new", () => {
    const live = after({ type: "room", room: first, now: 1000 }, { type: "room", room: first, now: 9000 });
    expect(ageSeconds(live, 9000)).toBe(8);
    expect(healthOf(live, 1000 + staleAfterMs + 1)).toBe("stale");
    expect(live.samples).toHaveLength(1);
  });

  test("a repeated as_of still brings a changed policy", () => {
    const changed = { ...first, version: 8, policy: { ...first.policy, rate_per_minute: 120 } };
    const live = after({ type: "room", room: first, now: 1 }, { type: "room", room: changed, now: 2 });
    expect(live.room?.version).toBe(8);
  });

  test("a lost connection keeps the last figures and says so", () => {
    const live = after({ type: "room", room: first, now: 1000 }, { type: "lost" });
    expect(healthOf(live, 1001)).toBe("reconnecting");
    expect(live.room).toBe(first);
    const back = reduceLive(live, { type: "room", room: second, now: 5000 });
    expect(healthOf(back, 5000)).toBe("live");
  });

  test("a silent gateway is told apart from a lost connection, until it answers", () => {
    const live = after({ type: "room", room: first, now: 1 }, { type: "away", detail: "no answer" });
    expect(healthOf(live, 2)).toBe("away");
    expect(live.room).toBe(first);
    expect(healthOf(reduceLive(live, { type: "room", room: second, now: 3 }), 3)).toBe("live");
  });

  test("history ascends, holds one sample a second and forgets", () => {
    const start = Date.parse("2026-11-22T10:00:00Z");
    let live = initialLive;
    for (let ms = 0; ms <= (historySeconds + 60) * 1000; ms += 500) {
      const room = roomAt(new Date(start + ms).toISOString(), {});
      live = reduceLive(live, { type: "room", room, now: ms });
    }
    expect(live.samples).toHaveLength(historySeconds + 1);
    const times = live.samples.map((s) => s.at);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });
});
