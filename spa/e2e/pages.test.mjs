// The waiting page in a real browser, served by a real gateway on a real Redis: every state in three languages, with script and without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { languages, show } from "./pages/show.mjs";
import { browser, gateway } from "./pages/stage.mjs";
import { cases } from "./pages/states.mjs";

const heard = new Map(); // the words of each state and language, as shown

for (const [name, one] of Object.entries(cases)) {
  test(`state ${name}`, { timeout: 900_000 }, async () => {
    await gateway.room(name, one.room);
    const ticket = one.enter ? await one.enter(gateway, name) : "";
    const open = (script) =>
      Promise.all(
        Object.keys(languages).map((lang) => show(browser, gateway, name, one, lang, script, name, ticket)),
      );
    const shows = await open(true);
    // That an earlier place was replaced is said once, on the first page that is loaded afterwards.
    if (!one.note) shows.push(...(await open(false)));
    if (one.offline) for (const each of shows) await each.sleep();
    if (one.meanwhile) await one.meanwhile(gateway, name, ticket);
    if (one.offline) for (const each of shows) await each.wake();
    if (one.forget) for (const each of shows) await each.forget();
    if (one.note) shows.push(...(await open(false)));
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
