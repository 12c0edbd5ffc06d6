#!/usr/bin/env bash
# Find a browser and Chinese fonts, or install them. `both`: the headless shell and full Chromium
# (tests run on each), and on Linux a screen without a monitor for its window. The order of the search is that of payaudit/walk/browser.py.
source "$(dirname "$0")/common.sh"

browsers=(any)
packages=(chromium-headless-shell fonts-noto-cjk)
screen=
if [ "${1:-}" = both ]; then
    browsers=(headless-shell chromium)
    packages+=(chromium)
    [ "$(uname)" != Linux ] || screen=xvfb
fi

# Prints what is missing of the browsers and fonts; with `try`, also browsers that do not start.
missing() {
    .venv/bin/python - "${1:-look}" "${browsers[@]}" <<'PYTHON'
import sys

from payaudit.doctor import chinese_font
from payaudit.errors import BrowserMissing
from payaudit.walk.browser import find_browser, why_it_fails

for name in sys.argv[2:]:
    try:
        browser = find_browser(None if name == "any" else name)
    except BrowserMissing:
        print(name)
    else:
        if sys.argv[1] == "try" and (why := why_it_fails(browser)):
            print(name)
            print(f"error: {browser.path}: {why}", file=sys.stderr)
if not chinese_font():
    print("fonts")
PYTHON
}

# Tests of windows are skipped where there is no screen to open one on.
if [ -n "$screen" ] && ! command -v Xvfb >/dev/null; then
    { can_apt && apt_install "$screen"; } ||
        say "warning: no Xvfb, tests of windows are skipped; the mend, as root: apt-get install $screen"
fi

no_browser() { grep -qvx fonts <<<"${lacking:-fonts}"; }

lacking=$(missing)
[ -n "$lacking" ] || exit 0

if [ -n "${PAYAUDIT_BROWSER:-}" ] && grep -qx any <<<"$lacking"; then
    die "PAYAUDIT_BROWSER names no browser: $PAYAUDIT_BROWSER" "give it the path of a Chromium, Chrome or Edge, or unset it"
fi

if can_apt; then
    for thing in $lacking; do
        case $thing in
        any | headless-shell) apt_install chromium-headless-shell || true ;;
        chromium) apt_install chromium || true ;;
        fonts) apt_install fonts-noto-cjk || true ;;
        esac
    done
    lacking=$(missing try)
fi

if no_browser; then
    say "playwright install chromium"
    quietly .venv/bin/playwright install chromium || true
    lacking=$(missing try)
fi

if no_browser; then
    die "no browser that starts could be found or installed (looked for: ${browsers[*]})" \
        "run as root: apt-get install ${packages[*]}; or set PAYAUDIT_BROWSER to a Chromium, Chrome or Edge"
fi
if [ -n "$lacking" ]; then
    say "warning: no Chinese font, Chinese is drawn as boxes; the mend, as root: apt-get install fonts-noto-cjk"
fi
