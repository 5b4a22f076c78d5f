import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "./programs.mjs";

const root = new URL("../..", import.meta.url).pathname;

/**
 * Runs the whole system as `make run` does, on free ports with a state folder, a Redis and a PostgreSQL of its own.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} where it is, and how to end it
 */
export async function startSystem() {
  const dir = mkdtempSync(join(tmpdir(), "anteroom-journey-"));
  chmodSync(dir, 0o755); // PostgreSQL runs as another user than root and must reach it
  const addresses = join(dir, "system.json");
  const [bin] = await build(dir, "./infra/local/cmd/anteroom");

  let output = "";
  const state = join(dir, "state");
  const { REDIS_URL: _redis, DATABASE_URL: _database, ...env } = process.env; // a system of its own
  const launcher = spawn(bin, ["--root", root, "--free-ports", "--dir", state, "--json", addresses], { env });
  const ended = once(launcher, "exit");
  for (const stream of [launcher.stdout, launcher.stderr]) stream.on("data", (chunk) => (output += chunk));

  const deadline = Date.now() + 900_000; // a first start installs and builds everything
  while (!existsSync(addresses)) {
    if (launcher.exitCode !== null || Date.now() > deadline) {
      launcher.kill("SIGINT");
      throw new Error(`the system did not start:\n${output}`);
    }
    await wait(100);
  }
  const url = JSON.parse(readFileSync(addresses, "utf8")).gateway_urls[0];
  return {
    url,
    async stop() {
      launcher.kill("SIGINT");
      const [code] = await ended;
      if (code !== 0) throw new Error(`the system did not stop cleanly (exit code ${code}):\n${output}`);
      rmSync(dir, { recursive: true });
    },
  };
}

/** Lets n visitors take a place in the line, 20 at a time, and go silent. */
export async function crowd(url, room, n) {
  let left = n;
  const queue = async () => {
    while (left-- > 0) {
      const answer = await fetch(`${url}/waitroom/v1/${room}/join`, { method: "POST" });
      const body = await answer.text();
      // A gateway that was held up asks to come again.
      if (answer.status === 503) left += 1;
      else if (answer.status !== 201) throw new Error(`join: status ${answer.status}: ${body}`);
    }
  };
  await Promise.all(Array.from({ length: 20 }, queue));
}
