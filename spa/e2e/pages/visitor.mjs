import { patience } from "../patience.mjs";
import { until } from "./gateway.mjs";

/**
 * A visitor with a browser of their own, who may have a ticket. What goes wrong on the page, and what its Content-Security-Policy
 * refuses, is collected in `errors`. With `once` the page is loaded once and never again.
 * `freeze` makes the page stay as it is, though it would load itself again, until `thaw`; `load` loads it anew.
 */
export async function visitor(
  browser,
  gateway,
  room,
  ticket,
  { locale = "en-GB", script = true, hidden = false, once = false, colorScheme = "light" } = {},
) {
  const context = await browser.newContext({
    baseURL: gateway.url,
    locale,
    colorScheme,
    javaScriptEnabled: script,
    viewport: { width: 1280, height: 860 },
  });
  if (ticket)
    await context.addCookies([
      { name: `wr_${room}`, value: ticket, url: gateway.url, httpOnly: true, sameSite: "Lax" },
    ]);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) errors.push(line.text());
  });
  if (hidden)
    await page.addInitScript(() =>
      Object.defineProperty(Document.prototype, "hidden", { get: () => !globalThis.looked }),
    );
  // Without script a page loads itself again and again; once frozen, it stays as it is.
  let frozen = false;
  const underWay = new Set();
  await context.route(/\/seats/, (route) => {
    if (frozen) return route.fulfill({ status: 204 });
    frozen = once;
    underWay.add(route.request());
    return route.continue();
  });
  page.on("requestfailed", (request) => underWay.delete(request));
  page.on("framenavigated", (frame) => frame === page.mainFrame() && underWay.clear());
  const thaw = () => {
    frozen = false;
  };
  const freeze = async () => {
    frozen = true;
    await until(() => underWay.size === 0); // or it would come into the middle of what is looked at
    await page.waitForLoadState();
  };
  const load = () =>
    until(async () => {
      thaw();
      await page.goto(`/shows/${room}/seats`);
      // A gateway that was held up for a moment says that its line is down; a page that loads itself again goes on from there.
      return !once || !/^down/.test(await page.locator(":root").getAttribute("data-state"));
    });
  await load();
  return { page, context, errors, freeze, thaw, load };
}

/** Waits until a page says that it is in a state; without script it gets there by itself, too. */
export const reach = (page, state) =>
  page.locator(`:root[data-state=${state}]`).waitFor({ state: "attached" });
