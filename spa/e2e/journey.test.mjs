// The main job in a real browser: a buyer waits behind a crowd, the operator raises the rate, the buyer buys.
// Screenshots go to e2e/screenshots, for people to look at.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { until } from "./pages/gateway.mjs";
import { patience } from "./patience.mjs";
import { crowd, startSystem } from "./system.mjs";

const screenshots = new URL("screenshots/", import.meta.url).pathname;
let system;
let browser;
const people = [];

before(async () => {
  mkdirSync(screenshots, { recursive: true });
  browser = await launch();
  system = await startSystem();
});

after(async () => {
  try {
    for (const one of people) await one.look("at-the-end");
  } finally {
    // Whatever became of the pages and of the browser, nothing stays behind.
    await Promise.allSettled([browser?.close()]);
    await system?.stop();
  }
});

/** A person with a browser of their own; a script error on any page fails the test. */
async function person(name, options) {
  const context = await browser.newContext({ baseURL: system.url, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error));
  let shots = 0;
  const one = {
    page,
    errors,
    async look(what) {
      shots += 1;
      await page.screenshot({ path: `${screenshots}${name}-${shots}-${what}.png` });
    },
  };
  people.push(one);
  return one;
}

async function signIn(page, email) {
  await page.goto("/admin/");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill("demo-anteroom");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /Sign out/ }).waitFor();
}

test("a buyer buys a seat while the operator raises the rate", { timeout: 900_000 }, async () => {
  const buyer = await person("buyer", { viewport: { width: 1280, height: 900 } });
  await buyer.page.goto("/");
  const show = buyer.page.locator('a[href="/shows/arena"]').first();
  await show.waitFor();
  await buyer.look("shows");
  await show.click();
  await crowd(system.url, "arena", 400); // they are silent, and count only for a while
  await buyer.page.locator('a[href="/shows/arena/seats"]').first().click();

  // The gateway answers with its own page; the app behind it has not been reached.
  const ahead = buyer.page.locator("#ahead").first();
  await ahead.waitFor();
  const place = await status(buyer.page);
  assert.equal(place.state, "waiting");
  assert.ok(place.ahead > 200, `${place.ahead} people are ahead`);
  await buyer.look("waiting");
  await buyer.page.reload();
  assert.equal((await status(buyer.page)).number, place.number, "the place is kept on reload");

  const operator = await person("operator", { viewport: { width: 1440, height: 1000 } });
  await signIn(operator.page, "manager@demo.test");
  await operator.page.goto("/admin/rooms/arena");
  const rate = operator.page.getByLabel("Admissions a minute");
  await rate.waitFor();
  await operator.look("before");
  await rate.fill("12000");
  await operator.page.getByLabel("Active at most").fill("1000");
  await operator.page.getByRole("button", { name: "Apply 2 changes" }).click();
  // The page takes a second press within half a second for a bounce, so this one is held down: a key, for the button may move under a pointer
  // when new figures come meanwhile.
  await operator.page.getByRole("button", { name: "Yes, apply it" }).press("Space", { delay: 700 });
  await operator.page.getByText(/In force as version/).waitFor();
  await operator.look("after");

  // Guards and the brand of the waiting page.
  await operator.page.getByText("Guards", { exact: true }).click();
  await operator.page.getByLabel("Proof of work").selectOption("watch");
  await operator.page.getByText("Brand of the waiting page").click();
  await operator.page.getByLabel("Name", { exact: true }).fill("Halle 7");
  await operator.page.getByLabel("Colour", { exact: true }).fill("#0B5D3B");
  await operator.page.getByRole("button", { name: "Apply 4 changes" }).click();
  await operator.page.getByRole("listitem").getByText("Proof of work Off → Watch only").waitFor();
  await operator.look("guards-and-brand");

  // The waiting page notices by itself and goes on to the seats.
  await buyer.page.getByRole("tab", { name: "List" }).click();
  await buyer.look("seats");
  await buyer.page
    .getByRole("button", { name: /^Seat \d+$/ })
    .first()
    .click();
  await buyer.page.getByRole("button", { name: "Hold these seats" }).click();
  await buyer.page.getByLabel("E-mail").fill("journey@demo.test");
  await buyer.page.getByRole("button", { name: "Buy as a guest" }).click();
  await buyer.page.getByRole("button", { name: /^Pay / }).waitFor();
  await buyer.look("checkout");
  await buyer.page.getByRole("button", { name: /^Pay / }).click();
  await buyer.page.getByText("Enjoy the show! The tickets are yours.").waitFor();
  await buyer.look("ticket");

  const orders = await (await buyer.page.request.get("/api/v1/orders")).json();
  assert.equal(orders.orders.length, 1);
  const [order] = orders.orders;
  assert.equal(order.state, "paid");
  assert.equal(order.tickets.length, 1);
  const printed = buyer.page.getByRole("link", { name: "Print or save the tickets" });
  await printed.waitFor();
  const sheet = await buyer.page.request.get(await printed.getAttribute("href"));
  assert.equal(sheet.status(), 200);
  assert.ok((await sheet.text()).includes(order.tickets[0].code), "the ticket can be printed");
  await buyer.page.goto("/bookings");
  await buyer.page.getByText("Paid").first().waitFor();
  await buyer.look("bookings");

  // Another one leaves the choice to the service, and has a bank that wants to be asked.
  const friend = await person("friend", { viewport: { width: 390, height: 844 } });
  await friend.page.goto("/shows/arena/seats");
  await friend.page.getByRole("tab", { name: "Best seats" }).click();
  await friend.page.getByLabel("How many seats").selectOption("2");
  await friend.look("best");
  await friend.page.getByRole("button", { name: "Take the best seats" }).click();
  await friend.page.getByLabel("E-mail").fill("friend@demo.test");
  await friend.page.getByRole("button", { name: "Buy as a guest" }).click();
  await friend.page.getByLabel("Card number").fill("4000 0025 0000 3155");
  await friend.look("checkout");
  await friend.page.getByRole("button", { name: /^Pay / }).click();
  await friend.page.getByRole("link", { name: "Go to the bank" }).click();
  await friend.page.getByRole("button", { name: /Approve/ }).click();
  await friend.page.getByText("Enjoy the show! The tickets are yours.").waitFor();
  await friend.look("ticket");
  const [two] = (await (await friend.page.request.get("/api/v1/orders")).json()).orders;
  assert.equal(two.tickets.length, 2);
  const [left, right] = two.tickets;
  assert.deepEqual([left.section, left.row], [right.section, right.row], "side by side");

  await operator.page.goto("/admin/orders");
  await operator.page.getByText(order.reference).waitFor();
  await operator.look("orders");
  const auditor = await person("auditor", { viewport: { width: 1440, height: 1000 }, locale: "ko-KR" });
  await auditor.page.goto("/admin/");
  await auditor.page.locator("input[type=email]").fill("auditor@demo.test");
  await auditor.page.locator("input[type=password]").fill("demo-anteroom");
  await auditor.page.locator("button[type=submit]").click();
  await auditor.page.locator("nav").first().waitFor();
  await auditor.page.goto("/admin/audit");
  await auditor.page.getByText("manager@demo.test").first().waitFor();
  await auditor.look("audit-in-korean");

  for (const one of [buyer, friend, operator, auditor]) assert.deepEqual(one.errors, []);
});

/** What the line says of this browser's ticket. A gateway that was held up for a moment asks to come again. */
const status = (page) =>
  until(async () => {
    const answer = await page.request.get("/waitroom/v1/arena/status");
    return answer.status() !== 503 && answer.json();
  });
