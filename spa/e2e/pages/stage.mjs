import { after, before } from "node:test";
import { launch } from "../chromium.mjs";
import { startGateway } from "./gateway.mjs";

/** The browser and the gateway of the test file that imports this: there from its first test on, ended after its last. */
export let browser;
export let gateway;

before(async () => {
  const starts = [
    launch().then((one) => {
      browser = one;
    }),
    startGateway().then((one) => {
      gateway = one;
    }),
  ];
  await Promise.allSettled(starts); // what has come up is ended afterwards, also when the other has not
  await Promise.all(starts);
});

after(async () => {
  try {
    await browser?.close();
  } finally {
    await gateway?.stop();
  }
});
