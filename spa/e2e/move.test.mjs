import assert from "node:assert/strict";
import { test } from "node:test";
import { audit, auditWidth } from "./pages/audit.mjs";
import { until } from "./pages/gateway.mjs";
import { readQR } from "./pages/qr.mjs";
import { screenshots } from "./pages/show.mjs";
import { browser, gateway } from "./pages/stage.mjs";
import { visitor } from "./pages/visitor.mjs";
import { patience } from "./patience.mjs";

// A place moves from one browser to another, without script in either.

const looks = (locale) => ({ locale, colorScheme: locale === "en" ? "dark" : "light" });

async function device(locale) {
  const context = await browser.newContext({ javaScriptEnabled: false, ...looks(locale) });
  context.setDefaultTimeout(patience);
  return context;
}

/** Opens a page and presses the button of its form; both again while a gateway that was held up for a moment says that its line is down. */
const submit = (page, open, form) =>
  until(async () => {
    await open();
    const answer = page.waitForResponse((one) => one.request().method() === "POST");
    await page.locator(`${form} button`).click();
    return (await answer).status() !== 503;
  });

for (const locale of ["ko", "en", "ja"]) {
  test(`a place moves by its link: ${locale}`, async () => {
    const room = `move-${locale}`;
    await gateway.room(room, { mode: "hold", brand: { name: "Halle 7", colour: "#0b5d3b" } });
    const seats = `${gateway.url}/shows/${room}/seats`;
    const phone = await device(locale);
    // Loaded once: the page loads itself again after some seconds, and would call back what was just pressed.
    const waiting = await visitor(browser, gateway, room, "", {
      ...looks(locale),
      script: false,
      once: true,
    });
    const { page: here, context: laptop } = waiting;
    await submit(here, waiting.load, "form#move");
    const link = await here.locator("#link").inputValue();
    assert.ok(link.startsWith(`${gateway.url}/waitroom/v1/${room}/move/`), link);
    assert.match(await here.locator(".lead").textContent(), /1/);
    assert.equal(
      await readQR(browser, here.locator("svg.qr")),
      link,
      "a phone's camera finds the same address",
    );
    assert.equal((await here.locator(".brand").textContent()).trim(), "Halle 7");
    await here.screenshot({ path: `${screenshots}move-${locale}.png`, fullPage: true });

    const there = await phone.newPage();
    await there.goto(link);
    await there.reload(); // looking at it does no harm
    assert.equal((await there.locator(".brand").textContent()).trim(), "Halle 7");
    await submit(there, () => there.goto(link), "form");
    await there.waitForURL(seats);
    const tickets = async (context) => (await context.cookies()).find((c) => c.name === `wr_${room}`);
    const moved = await tickets(phone);
    assert.ok(moved.httpOnly);
    assert.equal((await gateway.status(room, moved.value)).number, 1);

    // The link is used up, and says so; the laptop's ticket is worth nothing.
    const late = await (await device(locale)).newPage();
    await submit(late, () => late.goto(link), "form");
    await late.locator("form").waitFor({ state: "detached" });
    const left = await tickets(laptop);
    assert.equal(
      (await laptop.cookies()).some((c) => c.value === moved.value),
      false,
    );
    await gateway.gone(room, left.value);
    await waiting.load();
    const anew = await tickets(laptop);
    assert.equal((await gateway.status(room, anew.value)).number, 2);
    await Promise.all([laptop.close(), phone.close(), late.context().close()]);
  });

  test(`the pages of a move can be read by everybody: ${locale}`, async () => {
    const room = `audit-${locale}`;
    await gateway.room(room, { mode: "hold" });
    const { ticket } = await gateway.join(room);
    // Script is on for axe, which comes from outside the page's own policy.
    const context = await browser.newContext({ locale, bypassCSP: true });
    context.setDefaultTimeout(patience);
    await context.addCookies([{ name: `wr_${room}`, value: ticket, url: gateway.url }]);
    const page = await context.newPage();
    const { url } = await until(async () => {
      const answer = await context.request.post(`${gateway.url}/waitroom/v1/${room}/move`, {
        headers: { Accept: "application/json" },
      });
      return answer.status() !== 503 && answer.json(); // which a gateway says that was held up for a moment
    });
    await page.goto(gateway.url + url);
    await audit(page, `the question, ${locale}`);
    await auditWidth(page, `the question, ${locale}`);
    await page.goto(`${gateway.url}/waitroom/v1/${room}/move/spent`);
    await audit(page, `the refusal, ${locale}`);
    await until(async () => {
      await page.goto(`${gateway.url}/shows/${room}/seats`);
      const answer = page.waitForResponse((one) => one.request().isNavigationRequest());
      await page.evaluate((path) => {
        const form = Object.assign(document.createElement("form"), { method: "post", action: path });
        document.body.append(form);
        form.submit();
      }, `/waitroom/v1/${room}/move`);
      return (await answer).status() !== 503;
    });
    await page.waitForSelector("#link");
    await audit(page, `the link, ${locale}`);
    await auditWidth(page, `the link, ${locale}`);
    await context.close();
  });
}
