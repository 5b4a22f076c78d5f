#!/usr/bin/env bash
# Installs the web workspace's packages, once for each state of its lock file.
set -euo pipefail
cd "$(dirname "$0")"
want=$(cksum package-lock.json)
if [ "$(cat node_modules/.installed-for 2>/dev/null || true)" != "$want" ]; then
  echo "web: installing packages (once)"
  npm ci --no-audit --no-fund --loglevel=error
  echo "$want" > node_modules/.installed-for
fi
