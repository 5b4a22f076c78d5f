import { execFileSync, spawn } from "node:child_process";
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { patience } from "../patience.mjs";
import { build } from "../programs.mjs";

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 40" width="150" height="40"><circle cx="20" cy="20" r="18" fill="#8a6d00"/><path d="M48 14h96M48 26h62" stroke="#333" stroke-width="6"/></svg>';

/**
 * Runs a real gateway on a real Redis of its own, and steers its rooms as the back office does: through the control API, with a staff
 * token. What is behind the gate is one page with the title "inside".
 */
export async function startGateway() {
  const dir = mkdtempSync(join(tmpdir(), "anteroom-pages-"));
  chmodSync(dir, 0o755);
  const [waitroom, backing] = await build(dir, "./waitroom/cmd/waitroom", "./infra/local/cmd/backing");
  execFileSync(waitroom, ["keys", "init", "--keys-file", join(dir, "keys.json")]);
  mkdirSync(join(dir, "spa", "client", "assets"), { recursive: true });
  writeFileSync(join(dir, "spa", "client", "assets", "logo.svg"), logo);
  writeFileSync(
    join(dir, "spa", "client", "index.html"),
    '<!doctype html><html lang="en"><title>inside</title>',
  );

  const office = await startOffice();
  const { REDIS_URL: _redis, ...given } = process.env; // a Redis of its own, for it is stopped
  const env = { DATABASE_URL: "postgres://nobody.asks", ...given }; // what is given is not started
  const serve = [
    ...[
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--ops-listen",
      "127.0.0.1:0",
      "--keys-file",
      join(dir, "keys.json"),
    ],
    ...[
      "--booking-url",
      office.url,
      "--admin-url",
      office.url,
      "--staff-jwks-url",
      `${office.url}/jwks.json`,
    ],
    ...["--spa-dir", join(dir, "spa")],
  ];
  const script = 'echo "redis $REDIS_URL"; exec "$@" --redis-url "$REDIS_URL"';
  const child = spawn(backing, ["exec", "--fast", "--", "sh", "-c", script, "sh", waitroom, ...serve], {
    env,
  });
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  try {
    return await started();
  } catch (error) {
    child.kill("SIGTERM");
    await ended;
    office.close();
    throw new Error(`the gateway did not start:\n${output}`, { cause: error });
  }

  async function started() {
    const find = (pattern) =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`exit code ${child.exitCode}`);
        return output.match(pattern);
      });
    const [, redisPort] = await find(/redis redis:\/\/127\.0\.0\.1:(\d+)/);
    const [, listen, ops] = await find(/"msg":"started".*"listen":"([^"]+)","ops_listen":"([^"]+)"/);
    const url = `http://${listen}`;
    await until(async () => (await fetch(`http://${ops}/readyz`)).ok);
    const redisPid = Number((await command(redisPort, "INFO", "server")).match(/process_id:(\d+)/)[1]);

    /** Calls the control API. */
    async function control(method, path, body) {
      const [text, { status, ok }] = await ask(`http://${ops}/control/v1/rooms/${path}`, () => ({
        method,
        headers: {
          Authorization: `Bearer ${office.token()}`,
          ...(body && { "Content-Type": "application/json" }),
        },
        body: body && JSON.stringify(body),
      }));
      if (!ok) throw Object.assign(new Error(`${method} ${path}: ${status} ${text}`), { status });
      return JSON.parse(text);
    }

    const ticketed = (name, ticket) =>
      ask(`${url}/waitroom/v1/${name}/status`, { headers: { Authorization: `Bearer ${ticket}` } });

    return {
      url,
      control,
      /** Makes a room; those who wait in it are heard of for long, and ask often. */
      async room(name, policy) {
        const base = {
          mode: "hold",
          poll_min_ms: 500,
          poll_max_ms: 1000,
          ghost_seconds: 3600,
          time_zone: "Asia/Seoul",
        };
        await control("PUT", name, { ...base, ...policy });
        await until(async () => (await fetch(`${url}/waitroom/v1/${name}/serving`)).ok);
      },
      /** Waits until the gateway itself, which reads the line ten times a second, has a room in a phase. */
      phase: (name, phase) =>
        until(async () => (await (await fetch(`${url}/waitroom/v1/${name}/serving`)).json()).phase === phase),
      /** Starts the line of a room anew. It names the version, so a repeated call could not tell whether the first was heard. */
      reset: (name) =>
        until(async () => {
          const { version } = await control("GET", name);
          return control("POST", `${name}/reset`, { version }).catch((error) => {
            if (error.status !== 409) throw error; // it was, before its answer was lost
          });
        }),
      /** Takes a place and returns it. */
      async join(name) {
        const headers = { "Idempotency-Key": randomUUID() }; // one place, however often it is asked for
        const [text, { status }] = await ask(`${url}/waitroom/v1/${name}/join`, { method: "POST", headers });
        if (status !== 201) throw new Error(`join ${name}: ${status} ${text}`);
        return JSON.parse(text);
      },
      /** Makes a presale code for a room. */
      code(name) {
        const args = ["codes", "make", "--keys-file", join(dir, "keys.json"), "--room", name, "--count", "1"];
        return execFileSync(waitroom, args, { encoding: "utf8" }).trim().split(",").at(-1);
      },
      /** What the line says of a ticket. */
      status: async (name, ticket) => JSON.parse((await ticketed(name, ticket))[0]),
      /** Waits until a ticket is worth nothing any more, which a gateway learns with its next reading of the line. */
      gone: (name, ticket) => until(async () => (await ticketed(name, ticket))[1].status === 410),
      /** Deletes everything that Redis has of a room, as a failure without a backup would. */
      lose: (name) =>
        command(
          redisPort,
          "EVAL",
          "for _, k in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', k) end",
          "0",
          `*{${name}}*`,
        ),
      stopRedis: () => process.kill(redisPid, "SIGSTOP"),
      resumeRedis: () => process.kill(redisPid, "SIGCONT"),
      async stop() {
        try {
          process.kill(redisPid, "SIGCONT"); // a test may have ended in between
        } catch {} // it may be gone; the gateway has something to say of it
        child.kill("SIGTERM");
        const [code] = await ended;
        office.close();
        if (code !== 0) throw new Error(`the gateway did not stop cleanly (exit code ${code}):\n${output}`);
        rmSync(dir, { recursive: true });
      },
    };
  }
}

/** Asks again until the answer is a good one, and returns it. */
export async function until(ask) {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`this did not come true: ${ask}`);
    await wait(50);
  }
}

/**
 * Calls a gateway, and returns the text of its answer and the answer. It is asked again while it says that its line cannot be reached: one that was
 * held up for two seconds says so for a moment, and that nobody loses a place. `init` may be a function, for what is made anew each time.
 */
export const ask = (url, init) =>
  until(async () => {
    const answer = await fetch(url, typeof init === "function" ? init() : init);
    const text = await answer.text();
    return answer.status !== 503 && [text, answer];
  });

/** The back office as the gateway knows it: the keys that staff tokens are signed with. */
async function startOffice() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const key = { ...publicKey.export({ format: "jwk" }), kid: "pages", alg: "EdDSA", use: "sig" };
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify({ keys: [key] }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    token() {
      const claims = {
        iss: "anteroom",
        aud: "waitroom",
        sub: "pages@demo.test",
        name: "Pages",
        role: "owner",
        exp: Math.floor(Date.now() / 1000) + 60,
      };
      const text = `${part({ alg: "EdDSA", typ: "an-staff+jwt", kid: key.kid })}.${part(claims)}`;
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** One command to Redis; the answer as it comes. */
async function command(port, ...words) {
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  const text = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("");
  socket.write(`*${words.length}\r\n${text}`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  if (answer[0] === "-".charCodeAt(0)) throw new Error(answer.toString());
  return answer.toString();
}
