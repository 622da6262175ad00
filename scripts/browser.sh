#!/bin/sh
# What `make test-browser` drives: Chromium and a Chinese font, from the system's packages. Does nothing where both are
# there; where it may not install, it says what to install.
set -eu

FONT_OK=$(fc-list :lang=zh 2>/dev/null | head -n 1)
if [ -x /usr/bin/chromium ] && [ -n "$FONT_OK" ]; then exit 0; fi

WANTED="chromium fontconfig fonts-wqy-microhei"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "test-browser needs /usr/bin/chromium and a Chinese font: install them with this system's packages" >&2
    exit 1
fi
AS=
if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "test-browser needs Chromium and a Chinese font: sudo apt-get install $WANTED" >&2
        exit 1
    fi
    AS="sudo -n"
fi
echo "[browser] Chromium and a Chinese font" >&2
LOG=$(mktemp)
# shellcheck disable=SC2086 # words on purpose
if ! { $AS apt-get update && $AS env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $WANTED; } \
    >"$LOG" 2>&1; then
    tail -n 8 "$LOG" >&2
    echo "set-up failed: Chromium could not be installed → all of it is in $LOG" >&2
    exit 1
fi
rm -f "$LOG"
