import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { patience } from "../patience.mjs";

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/**
 * Holds a page to what every page of the waiting room must be: nothing that axe finds, by day and by night; nothing that leaves the screen
 * at 320 pixels or with text of twice the size; headings, landmarks and a name for everything that can be pressed.
 */
export async function audit(page, what) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
  for (const [colorScheme, rules] of [
    ["light", undefined],
    ["dark", ["color-contrast"]], // the rest of the document is the same
  ]) {
    await page.emulateMedia({ colorScheme });
    const found = await page.evaluate(async (only) => {
      const result = await globalThis.axe.run(document, {
        resultTypes: ["violations"],
        ...(only && { runOnly: { type: "rule", values: only } }),
      });
      const told = (node) => `${node.target}: ${node.failureSummary}`;
      return result.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map(told).join("; ")}`);
    }, rules);
    assert.deepEqual(found, [], `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  assert.equal(await page.locator("h1").count(), 1, `${what}: one title`);
  assert.ok((await page.locator("h1").textContent()).length > 0, `${what}: a title that says something`);
}

/**
 * The same of a page without script, where axe cannot run: it is given the document as that browser has built it. It is not given the
 * element by which the page loads itself again: without script there is no other way to go on, and as it is the line that goes on, nobody
 * could be given more time (WCAG 2.2.1, exception for what happens in real time).
 */
export async function auditPlain(browser, page, what) {
  const built = (await page.content())
    .replace(/<script[\s\S]*<\/script>/, "")
    .replace(/<meta http-equiv="refresh"[^>]*>/, "")
    .replace(/<\/?noscript>/g, "");
  const copy = copies.pop() ?? (await browser.newPage({ viewport: page.viewportSize() }));
  copy.setDefaultTimeout(patience);
  await copy.setContent(built);
  await audit(copy, what);
  copies.push(copy);
}

const copies = []; // pages that are free for the next one, with axe in them

/** Fails when something leaves the screen: at 320 pixels, and at 640 with text of twice the size. */
export async function auditWidth(page, what) {
  const size = page.viewportSize();
  for (const [width, zoom] of [
    [320, "100%"],
    [640, "200%"],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate((zoom) => {
      const root = document.documentElement;
      root.style.fontSize = zoom;
      const wide = [...document.body.querySelectorAll("*")].filter(
        (one) =>
          !one.closest(".unseen,.skip,svg,[hidden],noscript") &&
          one.getBoundingClientRect().right > innerWidth + 1,
      );
      const names = wide.map((one) => `${one.tagName}#${one.id}.${one.className}`);
      if (root.scrollWidth > innerWidth) names.push(`page of ${root.scrollWidth}`);
      root.style.fontSize = "";
      return names;
    }, zoom);
    assert.deepEqual(over, [], `${what}: leaves a screen of ${width} at ${zoom}`);
  }
  await page.setViewportSize(size);
}
