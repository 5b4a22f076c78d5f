import { randomUUID } from "node:crypto";
import { ask, until } from "./gateway.mjs";

/**
 * How the waiting page is brought into each of its states. A case has a room of its own, named like it.
 *
 * `room` is the policy it begins with. `enter` makes what there is before a visitor comes, and returns the ticket that they have, if any.
 * `meanwhile` happens while the visitors look at the page. `state` is what the page says in the end with script, `plain` without; where they
 * are alike `plain` is left out. `inside` as plain state: the visitor has gone in.
 */
const seoul = (ms) => new Date(Date.now() + ms + 9 * 3_600_000).toISOString().slice(0, 19); // local time there, which has no summer time

const moving = { mode: "queue", rate_per_minute: 1, burst_seconds: 1, max_active: 1000 };
const fast = { mode: "queue", rate_per_minute: 6000, max_active: 1000 };

const gathering = { ...moving, method: "draw", beacon: "The noon lottery", open_at: seoul(90_000_000) };

/** Opens the doors of a room that gathers, once all are there who shall take part, and waits until who did is fixed. */
async function seal(gateway, room) {
  await gateway.control("PATCH", room, { open_at: seoul(-1000) });
  await until(async () => (await gateway.control("GET", room)).live.draw === "sealed");
}

/** Some who wait in front, and one behind them. */
async function behind(gateway, room, people) {
  for (let i = 0; i < people; i++) await gateway.join(room);
  const place = await gateway.join(room);
  return place.ticket;
}

export const cases = {
  waiting: {
    room: { ...moving, message: "The doors close at 8 pm.\nPlease have your card ready." },
    enter: (g, room) => behind(g, room, 30),
    async meanwhile(g, room, ticket) {
      await until(async () => (await g.status(room, ticket)).eta_seconds);
    },
    state: "waiting",
  },
  paused: { room: {}, enter: (g, room) => behind(g, room, 12), state: "paused" },
  prequeue: {
    room: { ...moving, open_at: seoul(3_600_000) },
    enter: (g, room) => behind(g, room, 2),
    state: "prequeue",
  },
  soon: { room: { ...moving, prequeue_at: seoul(3_600_000), open_at: seoul(7_200_000) }, state: "soon" },
  gather: {
    room: gathering,
    enter: (g, room) => behind(g, room, 2),
    state: "gather",
  },
  drawing: {
    room: gathering,
    async enter(g, room) {
      const ticket = await behind(g, room, 3);
      await seal(g, room);
      return ticket;
    },
    state: "drawing",
  },
  drawn: {
    room: gathering,
    async enter(g, room) {
      const tickets = [];
      for (let i = 0; i < 20; i++) tickets.push((await g.join(room)).ticket);
      await seal(g, room);
      await until(async () => {
        await g.control("POST", `${room}/draw/beacon`, { value: "17 4 23 8 42 15" }).catch((error) => {
          if (error.status !== 409) throw error; // the value is given once; it was, before its answer was lost
        });
        return (await g.control("GET", room)).live.draw === "drawn";
      });
      // The lot decides who is first; of the others one is watched.
      return until(async () => {
        for (const ticket of tickets) {
          const place = await g.status(room, ticket);
          if (place.drawn_position > 5 && place.eta_seconds) return ticket;
        }
      });
    },
    state: "drawn",
  },
  turn: {
    room: { session_idle_seconds: 3600, session_limit_seconds: 7200 },
    hidden: true, // who looks at the page goes in after a moment
    enter: (g, room) => behind(g, room, 0),
    meanwhile: (g, room) => g.control("PATCH", room, fast),
    state: "turn",
    plain: "inside",
  },
  passed: {
    room: { session_idle_seconds: 1 },
    enter: (g, room) => behind(g, room, 0),
    offline: true, // the visitors are asleep while it is their turn
    async meanwhile(g, room) {
      await g.control("PATCH", room, fast);
      await until(async () => {
        const { live } = await g.control("GET", room);
        return live.admitted_total > 0 && live.active === 0;
      });
      await g.control("PATCH", room, { mode: "hold" });
      await g.phase(room, "hold"); // or the place that is given next would not be said to stand
    },
    state: "passed",
    plain: "paused",
    note: true,
  },
  expired: {
    room: {},
    enter: (g, room) => behind(g, room, 0),
    async meanwhile(g, room, ticket) {
      await g.control("DELETE", `${room}/visitors/1`);
      await until(async () => (await g.status(room, ticket)).state === "expired"); // it learns of it with its next tick
    },
    state: "expired",
    plain: "paused",
    note: true,
  },
  superseded: {
    room: {},
    enter: (g, room) => behind(g, room, 0),
    async meanwhile(g, room, ticket) {
      await g.reset(room);
      await g.gone(room, ticket);
    },
    state: "superseded",
    plain: "paused",
    note: true,
  },
  moved: {
    room: {},
    enter: (g, room) => behind(g, room, 0),
    async meanwhile(g, room, ticket) {
      const headers = { Authorization: `Bearer ${ticket}` };
      const [link] = await ask(`${g.url}/waitroom/v1/${room}/move`, { method: "POST", headers });
      const key = { "Idempotency-Key": randomUUID() };
      const [text, claimed] = await ask(g.url + JSON.parse(link).url, { method: "POST", headers: key });
      if (claimed.status !== 201) throw new Error(`claim: ${claimed.status} ${text}`);
      await g.gone(room, ticket);
    },
    state: "moved",
    plain: "paused",
    note: true,
  },
  gone: { room: {}, enter: (g, room) => behind(g, room, 0), forget: true, state: "gone", plain: "paused" },
  sold: {
    room: { ...moving },
    enter: (g, room) => behind(g, room, 3),
    meanwhile: (g, room) => g.control("POST", `${room}/end`, { reason: "sold_out" }),
    state: "sold",
  },
  "sold-late": {
    room: {},
    enter: (g, room) => g.control("POST", `${room}/end`, { reason: "sold_out" }).then(() => ""),
    state: "sold",
  },
  ended: {
    room: { ...moving },
    enter: (g, room) => behind(g, room, 3),
    meanwhile: (g, room) => g.control("POST", `${room}/end`, { reason: "over" }),
    state: "ended",
  },
  closed: { room: { mode: "closed", message: "See you tomorrow at ten." }, state: "closed" },
  "closed-waiting": {
    room: {},
    enter: (g, room) => behind(g, room, 3),
    meanwhile: (g, room) => g.control("PATCH", room, { mode: "closed" }),
    state: "closed",
  },
  full: {
    room: { mode: "open", method: "reject", max_active: 1, session_idle_seconds: 3600 },
    enter: (g, room) => g.join(room).then(() => ""),
    state: "full",
  },
  lost: {
    room: {},
    enter: async (g, room) => {
      await g.join(room);
      await g.lose(room);
      await until(async () =>
        /room-lost/.test(await (await fetch(`${g.url}/waitroom/v1/${room}/serving`)).text()),
      );
      return "";
    },
    state: "lost",
  },
  code: { room: { guards: { presale: "enforce" } }, state: "code" },
  // With script the puzzle is solved, and there is a place.
  proof: { room: { guards: { proof_of_work: "enforce", proof_bits: 10 } }, state: "paused", plain: "proof" },
  branded: {
    room: {
      ...moving,
      message: "오늘은 1층만 판매합니다. / 本日は1階席のみ販売します。",
      brand: {
        name: "Seoul Philharmonie",
        logo_url: "/assets/logo.svg",
        colour: "#ffd400", // as it is, nobody could read it
        background: "#fffdf5",
        texts: {
          en: {
            title: "The hall is filling up",
            lead: "Thank you for your patience. We let you in as soon as there is room.",
          },
          ko: {
            title: "공연장이 채워지고 있어요",
            lead: "기다려 주셔서 고맙습니다. 자리가 나는 대로 모시겠습니다.",
          },
          ja: {
            title: "会場が埋まってきています",
            lead: "お待ちいただきありがとうございます。空き次第ご案内します。",
          },
        },
      },
    },
    enter: (g, room) => behind(g, room, 8),
    state: "waiting",
    own: true, // words of its own
  },
  "branded-dark": {
    room: { brand: { name: "Nachtwerk", colour: "#3a0d5c", background: "#777777" } },
    enter: (g, room) => behind(g, room, 4),
    state: "paused",
  },
};
