#!/bin/sh
# system_packages.sh TARGET WHAT PACKAGE...: installs system packages that a test target needs; where it may not, it says
# what to install.
set -eu

TARGET=$1 WHAT=$2
shift 2
if ! command -v apt-get >/dev/null 2>&1; then
    echo "$TARGET needs $WHAT: install it with this system's packages" >&2
    exit 1
fi
AS=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "$TARGET needs $WHAT: sudo apt-get install $*" >&2
        exit 1
    fi
    AS="sudo -n"
fi
echo "[system] $WHAT" >&2
LOG=$(mktemp)
if ! { $AS apt-get update && $AS env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$@"; } >"$LOG" 2>&1; then
    tail -n 8 "$LOG" >&2
    echo "set-up failed: $WHAT could not be installed → all of it is in $LOG" >&2
    exit 1
fi
rm -f "$LOG"
