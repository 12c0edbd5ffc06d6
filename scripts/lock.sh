#!/usr/bin/env bash
# Renew requirements.lock and scripts/npm.lock: newest versions, with hashes, without any address.
source "$(dirname "$0")/common.sh"

export PATH=$PATH:$PWD/.venv/bin
if ! command -v uv >/dev/null; then
    [ -x .venv/bin/python ] || scripts/setup.sh
    say "uv, into .venv"
    quietly .venv/bin/python -m pip install --quiet --disable-pip-version-check uv ||
        die "uv could not be installed: $(last_error)" "check the network, then try again"
fi

pin() { # INPUT OUTPUT [OPTION…]
    say "$2"
    quietly uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        "${@:3}" --output-file "$2" "$1" ||
        die "$2 could not be made: $(last_error)" "all of it: $log"
}
pin pyproject.toml requirements.lock --extra dev --extra ocr --extra cluster --extra parquet --extra postgres --extra s3 --extra serve --overrides scripts/overrides.txt
pin scripts/npm.in scripts/npm.lock
