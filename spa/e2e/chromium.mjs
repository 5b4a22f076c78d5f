import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = [
  process.env.CHROME_PATH,
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The browser on this machine; on Debian as root it is installed when there is none. Fails with what to do. */
function browserPath() {
  const find = () => places.find((path) => path && existsSync(path));
  if (!find() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stdout.write("browser: installing Chromium and a Korean font with apt (once)\n");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    execFileSync("apt-get", ["update", "-qq"], { env, stdio: "pipe" });
    execFileSync(
      "apt-get",
      ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"],
      {
        env,
        stdio: "pipe",
      },
    );
  }
  const path = find();
  if (!path) throw new Error("No Chromium or Chrome found: install one, or name it in CHROME_PATH.");
  return path;
}

/** Starts it headless with a fresh profile, and with nothing that talks to the world by itself. */
export function launch() {
  return chromium.launch({
    executablePath: browserPath(),
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
