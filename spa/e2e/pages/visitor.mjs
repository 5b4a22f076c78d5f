/**
 * A visitor with a browser of their own, who may have a ticket. What goes wrong on the page, and what its Content-Security-Policy
 * refuses, is collected in `errors`. With `once` the page is loaded once and never again.
 */
export async function visitor(
  browser,
  gateway,
  room,
  ticket,
  { locale = "en-GB", script = true, hidden = false, once = false } = {},
) {
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
  // Without script a page loads itself again and again; once frozen, it stays as it is.
  let frozen = false;
  const freeze = () => {
    frozen = true;
  };
  await context.route(/\/seats/, (route) => {
    const go = frozen ? route.fulfill({ status: 204 }) : route.continue();
    if (once) freeze();
    return go;
  });
  await page.goto(`/shows/${room}/seats`);
  return { page, context, errors, freeze };
}

/** Waits until a page says that it is in a state; without script it gets there by itself, too. */
export const reach = (page, state) =>
  page.locator(`:root[data-state=${state}]`).waitFor({ state: "attached" });
