import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { ask, startGateway, until } from "./pages/gateway.mjs";

// The client of packages/waitroom-client against a real gateway on a real Redis.

const dir = mkdtempSync(join(tmpdir(), "anteroom-client-"));
let gateway;
let Waitroom;

before(async () => {
  const entry = new URL("../packages/waitroom-client/src/index.ts", import.meta.url).pathname;
  await build({
    logLevel: "error",
    configFile: false,
    build: { outDir: dir, lib: { entry, formats: ["es"], fileName: () => "client.mjs" } },
  });
  ({ Waitroom } = await import(pathToFileURL(join(dir, "client.mjs"))));
  gateway = await startGateway();
});

after(async () => {
  await gateway?.stop();
  rmSync(dir, { recursive: true });
});

/** A visitor with a device of their own, which keeps the ticket. */
function device(room, options = {}) {
  const kept = new Map();
  const store = {
    get: (name) => kept.get(name),
    set: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
  };
  const line = new Waitroom({ room, base: gateway.url, store, share: false, ...options });
  const states = [];
  line.subscribe((view) => states.at(-1) !== view.state && states.push(view.state));
  return { line, states, kept, store };
}

const outcome = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

/** Makes a call of the client, again while the gateway says that its line cannot be reached: it was held up for a moment. */
const call = async (make) => {
  const { value } = await until(async () => {
    const { value, error } = await outcome(make());
    if (error && error.problem !== "line-unavailable") throw error;
    return !error && { value };
  });
  return value;
};

const hold = { mode: "hold" };
const admit = { mode: "queue", rate_per_minute: 6000 };

test("waits, is admitted, goes in, and gives the slot back", async () => {
  await gateway.room("whole", hold);
  const { line, states } = device("whole");
  const entered = line.enter();
  await until(() => line.view.state === "waiting");
  assert.equal(line.view.status.number, 1);
  assert.equal((await call(() => line.receipt())).split(".").length, 3);
  assert.equal((await call(() => line.serving())).phase, "hold");
  await gateway.control("PATCH", "whole", admit);
  const status = await entered;
  assert.deepEqual(states, ["joining", "waiting", "admitted"]);
  const [inside] = await ask(`${gateway.url}/shows/whole/seats`, {
    headers: { "Waitroom-Pass": status.pass, Accept: "text/html" },
  });
  assert.match(inside, /<title>inside/);
  await call(() => line.release());
  const [, again] = await ask(`${gateway.url}/waitroom/v1/whole/pass`, {
    method: "DELETE",
    headers: { "Waitroom-Pass": status.pass },
  });
  assert.equal(again.status, 204);
  line.stop();
});

test("a closed app goes on with its place", async () => {
  await gateway.room("closed-app", hold);
  const first = device("closed-app");
  first.line.enter().catch(() => {});
  await until(() => first.line.view.state === "waiting");
  first.line.stop();
  await gateway.join("closed-app");
  const second = new Waitroom({ room: "closed-app", base: gateway.url, store: first.store, share: false });
  second.enter().catch(() => {});
  await until(() => second.view.state === "waiting");
  assert.equal(second.view.status.number, 1);
  second.stop();
});

test("a place moves to another device, and the first one learns it", async () => {
  await gateway.room("moving", hold);
  const laptop = device("moving");
  const phone = device("moving");
  const left = outcome(laptop.line.enter());
  await until(() => laptop.line.view.state === "waiting");
  const link = await call(() => laptop.line.moveLink("/shows/moving/seats"));
  assert.ok(link.url.startsWith(`${gateway.url}/waitroom/v1/moving/move/`));
  const [, shown] = await ask(link.url, { headers: { Accept: "text/html" } }); // as a preview would
  assert.equal(shown.status, 200);
  const status = await phone.line.claim(link.url);
  assert.equal(status.number, 1);
  assert.equal((await left).error.problem, "ticket-moved");
  assert.equal(laptop.line.view.state, "moved");
  await assert.rejects(device("moving").line.claim(link.url), { problem: "move-spent", status: 410 });

  const entered = phone.line.enter();
  await gateway.control("PATCH", "moving", admit);
  assert.equal((await entered).number, 1);
  phone.line.stop();
  laptop.line.stop();
});

test("an outage of the line is shown and survived", async () => {
  await gateway.room("outage", hold);
  const { line } = device("outage");
  line.enter().catch(() => {});
  await until(() => line.view.state === "waiting");
  gateway.stopRedis();
  try {
    // A gateway that is held up, too, may not answer in time; then the line is "offline" first.
    await until(() => line.view.down && line.view.error.problem === "line-unavailable");
    assert.equal(line.view.status.number, 1);
  } finally {
    gateway.resumeRedis();
  }
  await until(() => !line.view.down);
  assert.equal(line.view.state, "waiting");
  assert.equal(line.view.status.number, 1);
  line.stop();
});

test("who loses the place is told, and can take a new one", async () => {
  await gateway.room("anew", hold);
  const { line } = device("anew");
  const lost = outcome(line.enter());
  await until(() => line.view.state === "waiting");
  await gateway.reset("anew");
  assert.equal((await lost).error.problem, "ticket-superseded");
  line.enter().catch(() => {});
  await until(() => line.view.state === "waiting");
  await call(() => line.leave());
  assert.equal(line.view.state, "idle");
  line.stop();
});

test("a room that asks for work gets it", async () => {
  await gateway.room("work", { ...hold, guards: { proof_of_work: "enforce", proof_bits: 8 } });
  const { line } = device("work");
  line.enter().catch(() => {});
  await until(() => line.view.state === "waiting");
  line.stop();
  const [, unwilling] = await ask(`${gateway.url}/waitroom/v1/work/join`, { method: "POST" });
  assert.equal(unwilling.status, 428);
});

test("who is turned away is told why", async () => {
  await gateway.room("shut", { mode: "closed" });
  await assert.rejects(device("shut").line.enter(), { problem: "room-closed", status: 409 });
});
