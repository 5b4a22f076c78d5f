// What the waiting page does in a real browser, while one waits and when it is one's turn.
import assert from "node:assert/strict";
import { test } from "node:test";
import { audit } from "./pages/audit.mjs";
import { ask, until } from "./pages/gateway.mjs";
import { readQR } from "./pages/qr.mjs";
import { arrive, screenshots } from "./pages/show.mjs";
import { browser, gateway } from "./pages/stage.mjs";
import { reach, visitor } from "./pages/visitor.mjs";
import { patience } from "./patience.mjs";

test("what the page does while one waits", { timeout: 900_000 }, async () => {
  await gateway.room("ways", { message: "Doors at 7" });
  const ahead = [];
  for (let i = 0; i < 5; i++) ahead.push((await gateway.join("ways")).ticket);
  const { ticket, number } = await gateway.join("ways");
  const { page, context, errors } = await visitor(browser, gateway, "ways", ticket);
  const count = async () => Number(await page.locator("#ahead").textContent());
  assert.equal(await count(), 5);

  // The count falls as people leave, and does not rise again when they are back: not by a poll, not when the page is loaded again.
  for (const one of ahead.slice(0, 2)) {
    const gone = { method: "DELETE", headers: { Authorization: `Bearer ${one}` } };
    const [, answer] = await ask(`${gateway.url}/waitroom/v1/ways/ticket`, gone);
    assert.equal(answer.status, 204);
  }
  await until(async () => (await count()) === 3);
  await page.goto("about:blank"); // the page at hand would write its own count over this one with its next poll
  await context.addCookies([
    {
      name: "wl_ways",
      value: `${(await gateway.status("ways", ticket)).epoch}.${number}.2`,
      url: gateway.url,
    },
  ]);
  await page.goto("/shows/ways/seats"); // two were ahead when it was shown last, three are
  assert.equal((await gateway.status("ways", ticket)).ahead, 3);
  assert.equal(await count(), 2);
  for (let polls = 0; polls < 2; polls++) await page.waitForResponse(/status/); // with the second the first has been shown
  assert.equal(await count(), 2);

  // A new message appears without loading the page, and is told to a screen reader; it is text, whatever it says.
  // All that is told is kept, for each telling replaces the one before.
  await page.evaluate(() => {
    globalThis.told = "";
    const live = document.getElementById("live");
    const keep = () => {
      globalThis.told += live.textContent;
    };
    new MutationObserver(keep).observe(live, { childList: true });
  });
  const words = '<img src=x onerror="globalThis.broken = true">';
  await gateway.control("PATCH", "ways", { message: words });
  await until(async () => (await page.locator("#message-text").textContent()) === words);
  await until(async () => (await page.evaluate(() => globalThis.told)).includes(words));
  assert.equal(await page.evaluate(() => globalThis.broken), undefined);

  // By keyboard: the first stop skips to the place; every stop can be seen.
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await until(async () => (await page.evaluate(() => document.activeElement.id)) === "title");
  const stops = [];
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press("Tab");
    stops.push(
      await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [
          document.activeElement.textContent.trim(),
          outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2,
        ];
      }),
    );
  }
  assert.deepEqual(stops, [
    ["Alert me when it is my turn", true],
    ["Save the receipt for your place", true],
    ["Move my place to another device", true],
    ["Leave the line", true],
  ]);

  // Sound is asked for by a press, which can be taken back.
  const alert = page.getByRole("button", { name: "Alert me when it is my turn" });
  await alert.press("Enter");
  await until(async () => /You will hear a sound/.test(await page.locator("#told").textContent()));
  assert.equal(await alert.getAttribute("aria-pressed"), "true");
  await alert.press("Space");
  assert.equal(await page.locator("#told").textContent(), "");

  // The receipt is saved as a file.
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByText("Save the receipt").click(),
  ]);
  assert.equal(saved.suggestedFilename(), `receipt-ways-${number}.json`);

  // The link to another device is shown in place, and that device then has the number.
  await page.getByText("Move my place").click();
  await page.locator("#moving-link").waitFor(); // until it is shown
  const link = await page.locator("#moving-link").getAttribute("href");
  assert.equal(await readQR(browser, page.locator("#moving svg")), link);
  await page.screenshot({ path: `${screenshots}moving.png`, fullPage: true });
  const other = await browser.newPage();
  other.setDefaultTimeout(patience);
  await until(async () => {
    await other.goto(link);
    const answer = other.waitForResponse((one) => one.request().method() === "POST");
    await other.getByRole("button").first().click();
    return (await answer).status() !== 503; // which a gateway says that was held up for a moment
  });
  await other.locator("#ahead").waitFor();
  assert.ok((await other.content()).includes(`<dd>${number}</dd>`), "the number has come along");
  await reach(page, "moved");
  await other.close();
  assert.deepEqual(errors, []);
  await context.close();
});

test("a new brand reaches a page that is open", { timeout: 900_000 }, async () => {
  await gateway.room("rebrand", { brand: { name: "Before" } });
  const { ticket, number } = await gateway.join("rebrand");
  const { page, context, errors } = await visitor(browser, gateway, "rebrand", ticket);
  await reach(page, "paused"); // one that says that the line is down loads itself again
  await page.locator(".brand").getByText("Before").waitFor();
  await page.evaluate(() => {
    globalThis.same = true;
  });
  await page.getByText("Save the receipt").focus();
  // The control: another change leaves the page as it is.
  await gateway.control("PATCH", "rebrand", { message: "Doors at 7" });
  await page.locator("#message-text").getByText("Doors at 7").waitFor();
  for (let polls = 0; polls < 8; polls++) await page.waitForResponse(/status/);
  assert.equal(await page.evaluate(() => globalThis.same), true);

  const brand = { name: "After", logo_url: "/assets/logo.svg", colour: "#0b5d3b", background: "#fdfbf7" };
  await gateway.control("PATCH", "rebrand", { brand });
  const logo = page.getByRole("img", { name: "After" });
  await logo.waitFor();
  assert.ok(
    await logo.evaluate((one) => one.decode().then(() => one.naturalWidth)),
    "which may be loaded now",
  );
  assert.equal(await page.evaluate(() => globalThis.same), undefined);
  assert.equal(
    await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
    "rgb(253, 251, 247)",
  );
  const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
  await until(async () => (await focused()) === "Save the receipt for your place");
  const place = await gateway.status("rebrand", ticket);
  assert.deepEqual([place.number, place.state], [number, "waiting"], "the place is the same");
  await page.screenshot({ path: `${screenshots}rebrand.png` });
  assert.deepEqual(errors, []);
  await context.close();
});

test("who looks goes in, and who does not is waited for", { timeout: 900_000 }, async () => {
  await gateway.room("claims", { session_idle_seconds: 3600, session_limit_seconds: 7200 });
  const [one, other] = [await gateway.join("claims"), await gateway.join("claims")];
  const looking = await visitor(browser, gateway, "claims", one.ticket);
  const away = await visitor(browser, gateway, "claims", other.ticket, { hidden: true });
  const plain = await visitor(browser, gateway, "claims", (await gateway.join("claims")).ticket, {
    script: false,
  });
  await gateway.control("PATCH", "claims", { mode: "queue", rate_per_minute: 6000 });
  await arrive(looking.page, "inside");
  await arrive(plain.page, "inside");
  await reach(away.page, "turn");
  assert.match(await away.page.locator("#left").textContent(), /^(1:00:00|[3-5]\d:\d\d)$/); // it has run down meanwhile
  assert.match(await away.page.locator("#alert").textContent(), /It is your turn/);
  await away.page.evaluate(() => {
    globalThis.looked = true;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await arrive(away.page, "inside");
  for (const { errors, context } of [looking, away, plain]) {
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test("with all colours forced and without motion", { timeout: 900_000 }, async () => {
  await gateway.room("forced", {});
  const { page, context, errors } = await visitor(browser, gateway, "forced", "");
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await page.screenshot({ path: `${screenshots}forced.png` });
  await audit(page, "forced colours");
  const moving = await page.evaluate(
    () =>
      [...document.querySelectorAll("*")].filter(
        (one) => Number.parseFloat(getComputedStyle(one).transitionDuration) > 0,
      ).length,
  );
  assert.equal(moving, 0);
  assert.deepEqual(errors, []);
  await context.close();
});
