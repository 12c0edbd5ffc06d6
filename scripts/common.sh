# shellcheck shell=bash
# Sourced by the other scripts: one line for each act, one line for a failure.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=build/setup.log
mkdir -p build

say() { printf '==> %s\n' "$*"; }

die() { # WHAT MEND
    printf 'error: %s\n mend: %s\n' "$1" "$2" >&2
    exit 1
}

quietly() { # COMMAND… (its output goes to the log)
    "$@" >"$log" 2>&1 </dev/null
}

last_error() { # the last line of the log that speaks of an error, else its last line
    { grep -iE '^(E:|error)|npm (ERR!|error)' "$log" || cat "$log"; } | tail -n 1 | cut -c1-300
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
apt_install() { # PACKAGE…
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120)
    if [ -z "$apt_updated" ]; then
        say "apt-get update"
        quietly "${apt[@]}" update || return 1
        apt_updated=yes
    fi
    say "apt-get install $*"
    quietly "${apt[@]}" install --no-install-recommends "$@"
}
