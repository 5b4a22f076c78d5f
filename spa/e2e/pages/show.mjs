import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { audit, auditPlain, auditWidth } from "./audit.mjs";
import { until } from "./gateway.mjs";
import { reach, visitor } from "./visitor.mjs";

/** Where the screenshots go, for people to look at. */
export const screenshots = new URL("../screenshots/pages/", import.meta.url).pathname;
mkdirSync(screenshots, { recursive: true });

export const languages = { ko: "ko-KR", en: "en-GB", ja: "ja-JP" };

/** The words of a page, read in one go; undefined when it is not in that state (any more). */
const said = (page, state) =>
  page.locator(":root").evaluate((root, state) => {
    if (root.dataset.state !== state) return undefined;
    return ["title", "lead"].map((id) => document.getElementById(id).textContent);
  }, state);

/** Waits until a page says that it is in a state, or until the visitor has gone in. */
export const arrive = (page, state) =>
  state === "inside"
    ? until(async () => (await page.title().catch(() => "")) === "inside") // a navigation may be under way
    : reach(page, state);

/**
 * Opens the page of a room for one language, with script or without. `finish` waits until it is in the state of the case, holds it to everything that is
 * asked of a page, and returns what it says; undefined for who has gone in.
 */
export async function show(browser, gateway, name, one, lang, script, room, ticket) {
  const what = `${name}-${lang}${script ? "" : "-plain"}`;
  const { page, context, errors, freeze, thaw } = await visitor(browser, gateway, room, ticket, {
    locale: languages[lang],
    script,
    hidden: one.hidden,
    once: one.note && !script,
  });
  return {
    sleep: () => context.setOffline(true),
    wake: () => context.setOffline(false),
    forget: () => context.clearCookies(),
    async finish() {
      const state = script ? one.state : (one.plain ?? one.state);
      let words;
      while (!words) {
        thaw();
        await arrive(page, state);
        if (state === "inside") return context.close();
        await freeze();
        words = await said(page, state); // before all else: with script the page goes on, and may say for a moment that the line is down
      }
      assert.equal(await page.locator("html").getAttribute("lang"), lang, what);
      await page.screenshot({ path: `${screenshots}${what}.png` });
      if (script) await audit(page, what);
      else await auditPlain(browser, page, what);
      await auditWidth(page, what);
      for (const logo of await page.locator("header img").all())
        assert.ok((await logo.evaluate((one) => one.naturalWidth)) > 0, `${what}: the logo is there`);
      if (!script && one.note)
        assert.equal(await page.locator(".note").count(), 1, `${what}: what became of the earlier place`);
      assert.deepEqual(errors, [], what);
      await context.close();
      return { lang, state, words };
    },
  };
}
