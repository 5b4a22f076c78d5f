// The waiting page in a real browser, for who must solve a puzzle or give a presale code before there is a place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { audit } from "./pages/audit.mjs";
import { browser, gateway } from "./pages/stage.mjs";
import { patience } from "./patience.mjs";

/** Opens the gated page of a room; what goes wrong on the page is in errors. */
async function visit(room, script = true) {
  const context = await browser.newContext({
    baseURL: gateway.url,
    locale: "en-GB",
    javaScriptEnabled: script,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => {
    if (/Content.Security.Policy/i.test(line.text())) errors.push(line.text());
  });
  await page.goto(`/shows/${room}/seats`);
  return { page, context, errors };
}

const number = (page) => page.getByText("Your number").locator("xpath=following-sibling::dd");

test("the browser solves the puzzle and has a place", async () => {
  await gateway.room("puzzle", { guards: { proof_of_work: "enforce", proof_bits: 14 } });
  for (const expected of ["1", "2"]) {
    const { page, context, errors } = await visit("puzzle");
    await page.waitForSelector("html[data-state=paused]"); // in hold
    assert.equal(await number(page).textContent(), expected);
    assert.deepEqual(errors, []);
    await context.close();
  }
});

test("where the room is open the puzzle leads straight in", async () => {
  await gateway.room("through", { mode: "open", guards: { proof_of_work: "enforce", proof_bits: 12 } });
  const { page, context, errors } = await visit("through");
  await page.waitForFunction(() => document.title === "inside");
  assert.deepEqual(errors, []);
  await context.close();
});

test("without script the page says what is missing", async () => {
  await gateway.room("plain", { guards: { proof_of_work: "enforce", proof_bits: 12 } });
  const { page, context } = await visit("plain", false);
  assert.match(await page.locator("#lead").textContent(), /needs JavaScript/);
  await context.close();
});

test("a wrong code is said to be wrong, the right one has a place, with the puzzle behind it", async () => {
  await gateway.room("presale", {
    guards: { presale: "enforce", proof_of_work: "enforce", proof_bits: 12 },
  });
  const { page, context, errors } = await visit("presale");
  const field = page.getByRole("textbox", { name: "Presale code" });
  await field.fill("AAAAA-AAAAA-AAAAA-AAAAA");
  await page.getByRole("button", { name: "Take a place" }).click();
  await page.getByText("This is not a presale code of this line.").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await audit(page, "a wrong code");
  await field.fill(gateway.code("presale").toLowerCase().replaceAll("-", " "));
  await field.press("Enter");
  await page.waitForSelector("html[data-state=paused]");
  assert.equal(await number(page).textContent(), "1");
  assert.deepEqual(errors, []);
  await context.close();
});
