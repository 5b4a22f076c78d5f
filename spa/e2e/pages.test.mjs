// The waiting page in a real browser, served by a real gateway on a real Redis: every state in three languages, with script and without.
// Screenshots go to e2e/screenshots/pages, for people to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { audit, auditPlain, auditWidth } from "./pages/audit.mjs";
import { startGateway, until } from "./pages/gateway.mjs";
import { cases } from "./pages/states.mjs";

const screenshots = new URL("screenshots/pages/", import.meta.url).pathname;
const languages = { ko: "ko-KR", en: "en-GB", ja: "ja-JP" };
let gateway;
let browser;

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  [browser, gateway] = await Promise.all([launch(), startGateway()]);
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
});

/** A visitor with a browser of their own, who may have a ticket. What goes wrong on the page fails the test. */
async function visitor(room, ticket, { locale, script = true, hidden = false }) {
  const context = await browser.newContext({
    baseURL: gateway.url,
    locale,
    javaScriptEnabled: script,
    viewport: { width: 1280, height: 860 },
  });
  if (ticket)
    await context.addCookies([
      { name: `wr_${room}`, value: ticket, url: gateway.url, httpOnly: true, sameSite: "Lax" },
    ]);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // for a machine with much else to do; nothing is concluded from how long it took
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) errors.push(line.text());
  });
  if (hidden)
    await page.addInitScript(() =>
      Object.defineProperty(Document.prototype, "hidden", { get: () => !globalThis.looked }),
    );
  await page.goto(`/shows/${room}/seats`);
  return { page, context, errors };
}

const said = async (page) => [
  await page.locator("#title").textContent(),
  await page.locator("#lead").textContent(),
];

/** Waits until a page says that it is in a state; without script it gets there by itself, too. */
const reach = (page, state) =>
  state === "inside"
    ? until(async () => (await page.title().catch(() => "")) === "inside") // a navigation may be under way
    : page.locator(`:root[data-state=${state}]`).waitFor({ state: "attached" });

async function show(name, one, lang, script, room, ticket) {
  const what = `${name}-${lang}${script ? "" : "-plain"}`;
  const { page, context, errors } = await visitor(room, ticket, {
    locale: languages[lang],
    script,
    hidden: one.hidden,
  });
  return {
    what,
    page,
    sleep: () => context.setOffline(true),
    wake: () => context.setOffline(false),
    forget: () => context.clearCookies(),
    async finish() {
      const state = script ? one.state : (one.plain ?? one.state);
      await reach(page, state);
      if (state === "inside") return context.close();
      // From here on a page without script stays as it is.
      await context.route(/\/seats/, (route) => route.fulfill({ status: 204 }));
      assert.equal(await page.locator("html").getAttribute("lang"), lang, what);
      await page.screenshot({ path: `${screenshots}${what}.png` });
      if (script) await audit(page, what);
      else await auditPlain(browser, page, what);
      await auditWidth(page, what);
      if (!script && one.note)
        assert.equal(await page.locator(".note").count(), 1, `${what}: what became of the earlier place`);
      const words = await said(page);
      assert.deepEqual(errors, [], what);
      await context.close();
      return { lang, state, words };
    },
  };
}

const heard = new Map(); // the words of each state and language, as shown

for (const [name, one] of Object.entries(cases)) {
  test(`state ${name}`, { timeout: 120_000 }, async () => {
    await gateway.room(name, typeof one.room === "function" ? one.room() : one.room);
    const ticket = one.enter ? await one.enter(gateway, name) : "";
    const shows = await Promise.all(
      Object.keys(languages).flatMap((lang) =>
        [true, false].map((script) => show(name, one, lang, script, name, ticket)),
      ),
    );
    if (one.offline) for (const each of shows) await each.sleep();
    if (one.meanwhile) await one.meanwhile(gateway, name, ticket);
    for (const each of shows) {
      if (one.offline) await each.wake();
      if (one.forget) await each.forget();
      // What slept had nothing to load itself again with.
      if (one.offline && each.what.endsWith("-plain")) await each.page.goto(`/shows/${name}/seats`);
    }
    for (const result of await Promise.all(shows.map((each) => each.finish()))) {
      if (!result || one.own) continue;
      const key = `${result.lang} ${result.state}`;
      if (heard.has(key)) assert.deepEqual(result.words, heard.get(key), "script and no script say the same");
      heard.set(key, result.words);
    }
  });
}

test("no two states say the same", () => {
  const leads = [...heard.values()].map(([, lead]) => lead);
  assert.equal(new Set(leads).size, leads.length);
  assert.ok(heard.size >= 3 * 17, `${heard.size} states were seen`);
});
