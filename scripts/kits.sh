#!/usr/bin/env bash
# Fetch the front-end kits of the fixture sites, as fixtures/kits/package-lock.json pins them.
# A machine without npm gets it from PyPI, into .venv. Does nothing when that was done.
source "$(dirname "$0")/common.sh"

kits=fixtures/kits
wanted=$(cat "$kits/package.json" "$kits/package-lock.json" | sha256sum)
[ "$(cat "$kits/node_modules/.done" 2>/dev/null)" = "$wanted" ] && exit 0

export PATH=$PATH:$PWD/.venv/bin
if ! npm --version >/dev/null 2>&1; then
    say "npm, from PyPI"
    quietly .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r scripts/npm.lock ||
        die "npm could not be installed: $(last_error)" "install it by hand (Debian: apt-get install npm), then try again"
fi

say "front-end kits of the fixture sites (npm ci)"
quietly npm --prefix "$kits" ci --ignore-scripts --no-audit --no-fund ||
    die "the kits could not be installed: $(last_error)" "check the network, then try again; all of it: $log"
echo "$wanted" >"$kits/node_modules/.done"
