#!/usr/bin/env bash
# Installs the browser of the browser tests, once, where that can be done: on Debian, as root. It is Chromium without the windows around its
# pages, which needs a third of the processor time for a test. Where it cannot be had, what there is will do; e2e/chromium.mjs says if nothing is.
set -euo pipefail
if [ -n "${CHROME_PATH:-}" ] || [ -x /usr/bin/chromium-headless-shell ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || [ ! -x /usr/bin/apt-get ]; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
# Another process may hold the locks, such as the upgrade that a machine makes by itself, and a mirror may fail once.
apt() { apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 "$@" >/dev/null; }
known() { apt-cache show "$1" >/dev/null 2>&1; }
thrice() { "$@" || { sleep 5; "$@"; } || { sleep 20; "$@"; }; }
update() { apt update && { known chromium-headless-shell || known chromium; }; } # it calls it a success, too, when it had nothing from a mirror
install() { known "$1" && thrice apt install -y --no-install-recommends "$1" fonts-noto-cjk; } # the font has the Korean and the Japanese
echo "browser: installing Chromium and a font with apt (once)"
thrice update || true # what is known of the packages may be enough
install chromium-headless-shell || [ -x /usr/bin/chromium ] || install chromium ||
  echo "browser: not installed" >&2
