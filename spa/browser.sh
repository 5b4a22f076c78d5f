#!/usr/bin/env bash
# Installs the browser of the browser tests, once, where that can be done: on Debian, as root. It is Chromium without the windows around its
# pages, which needs a third of the processor time for a test. Where it cannot be had, what there is will do; e2e/chromium.mjs says if nothing is.
set -euo pipefail
if [ -n "${CHROME_PATH:-}" ] || [ -x /usr/bin/chromium-headless-shell ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || [ ! -x /usr/bin/apt-get ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@" fonts-noto-cjk >/dev/null; } # the font has the Korean and the Japanese
echo "browser: installing Chromium and a font with apt (once)"
apt-get update -qq || true # what is known of the packages may be enough
install chromium-headless-shell || [ -x /usr/bin/chromium ] || install chromium ||
  echo "browser: not installed" >&2
