#!/usr/bin/env bash
# Installs the web workspace's packages, once for each state of its lock file.
set -euo pipefail
cd "$(dirname "$0")"
# Two runs at once would take the packages away from each other; where there is no flock, that is left to whoever starts them.
exec 9<.
if command -v flock >/dev/null; then flock -w 900 9; fi
want=$(cksum package-lock.json)
if [ "$(cat node_modules/.installed-for 2>/dev/null || true)" != "$want" ]; then
  echo "web: installing packages (once)"
  # A registry may fail once: npm asks for a package again, and all of it is tried three times.
  get() { npm ci --no-audit --no-fund --loglevel=error --fetch-retries=5 9<&-; }
  get || { sleep 5; get; } || { sleep 20; get; }
  echo "$want" > node_modules/.installed-for
fi
