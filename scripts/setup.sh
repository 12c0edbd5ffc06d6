#!/usr/bin/env bash
# Make .venv from requirements.lock and put payaudit into it. Does nothing when that was done.
source "$(dirname "$0")/common.sh"

wanted=$(cat requirements.lock pyproject.toml | sha256sum)
[ "$(cat .venv/.done 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null && exit 0

python=
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || die "no Python 3.11 or newer was found" "install one (Debian 12 or newer: apt-get install python3), or name it: make PYTHON=/path/to/python3 …"

if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    can_apt || die "this Python cannot make virtual environments" "run as root: apt-get install $package"
    apt_install "$package" || die "$package could not be installed: $(last_error)" "install it by hand: apt-get install $package"
fi

say "virtual environment .venv ($("$python" -V))"
quietly "$python" -m venv --clear .venv ||
    die "the virtual environment could not be made: $(last_error)" "see $log"

pip=(.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input)
say "packages of requirements.lock"
quietly "${pip[@]}" --no-deps --require-hashes -r requirements.lock ||
    die "the packages could not be installed: $(last_error)" "check the network, then try again; all of it: $log"
say "payaudit itself"
quietly "${pip[@]}" --no-deps --no-build-isolation -e . ||
    die "payaudit could not be installed: $(last_error)" "see $log"

echo "$wanted" >.venv/.done
