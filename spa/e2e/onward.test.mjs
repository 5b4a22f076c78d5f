// How the waiting page goes on by itself in a real browser: without script, and through an outage of the line. Here one waits more than one works.
import assert from "node:assert/strict";
import { test } from "node:test";
import { arrive, languages, show } from "./pages/show.mjs";
import { browser, gateway } from "./pages/stage.mjs";
import { reach, visitor } from "./pages/visitor.mjs";

test("without script every state leads on by itself", { timeout: 900_000 }, async () => {
  const open = { mode: "queue", method: "fifo", rate_per_minute: 6000, max_active: 1000 };
  const rooms = {
    p1: { mode: "hold" },
    p2: { mode: "closed" },
    p3: { mode: "open", method: "reject", max_active: 1, session_idle_seconds: 3600 },
  };
  const people = [];
  for (const [room, policy] of Object.entries(rooms)) {
    await gateway.room(room, policy);
    if (policy.method === "reject") await gateway.join(room);
    people.push(await visitor(browser, gateway, room, "", { script: false }));
  }
  for (const room of Object.keys(rooms)) await gateway.control("PATCH", room, open);
  for (const { page, context } of people) {
    await arrive(page, "inside");
    await context.close();
  }
});

test("states down and downNew, and back", { timeout: 900_000 }, async () => {
  await gateway.room("down", {});
  const { ticket, number } = await gateway.join("down");
  const before = await visitor(browser, gateway, "down", ticket);
  await reach(before.page, "paused");
  gateway.stopRedis();
  try {
    await reach(before.page, "down");
    const shows = [];
    for (const lang of Object.keys(languages)) {
      for (const script of [true, false]) {
        shows.push(await show(browser, gateway, "down", { state: "down" }, lang, script, "down", ticket));
        shows.push(await show(browser, gateway, "downNew", { state: "downNew" }, lang, script, "down", ""));
      }
    }
    await Promise.all(shows.map((each) => each.finish()));
  } finally {
    gateway.resumeRedis();
  }
  await reach(before.page, "paused"); // by itself
  assert.equal((await gateway.status("down", ticket)).number, number, "the place is kept");
  await before.context.close();
});
