#!/usr/bin/env bash
# Say what is done, then do it: act.sh NAME COMMAND…
source "$(dirname "$0")/common.sh"
name=$1
shift
say "$name"
"$@" || die "$name: not as it should be" "what is wrong stands above; to see it alone: $*"
