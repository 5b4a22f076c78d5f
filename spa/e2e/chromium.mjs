import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { patience } from "./patience.mjs";

const places = [
  process.env.CHROME_PATH,
  "/usr/bin/chromium-headless-shell", // what browser.sh installs
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The browser on this machine. Fails with what to do when there is none. */
function browserPath() {
  const path = places.find((path) => path && existsSync(path));
  if (!path) throw new Error("No Chromium or Chrome found: install one, or name it in CHROME_PATH.");
  return path;
}

/** Starts it headless with a fresh profile, and with nothing that talks to the world by itself. */
export function launch() {
  return chromium.launch({
    executablePath: browserPath(),
    timeout: patience,
    args: [
      "--no-sandbox", // the sandbox wants a user other than root
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
