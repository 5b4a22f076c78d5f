import { after, before } from "node:test";
import { launch } from "../chromium.mjs";
import { startGateway } from "./gateway.mjs";

/** The browser and the gateway of the test file that imports this: there from its first test on, ended after its last. */
export let browser;
export let gateway;

before(async () => {
  [browser, gateway] = await Promise.all([launch(), startGateway()]);
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
});
