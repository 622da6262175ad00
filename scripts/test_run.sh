#!/bin/sh
# The README's first command in a fresh clone of what is committed, with what that command installs and nothing of the
# tools for tests: it must print its address and serve the page.
set -eu
cd "$(dirname "$0")/.."

TMP=$(mktemp -d)
LOG=$TMP/log
PID=
finish() {
    [ -z "$PID" ] || kill -TERM "$PID" 2>/dev/null || true
    [ -z "$PID" ] || wait "$PID" 2>/dev/null || true
    rm -rf "$TMP"
}
trap finish EXIT

git clone --quiet . "$TMP/parley"
make -C "$TMP/parley" setup >"$LOG" 2>&1 || { tail -n 20 "$LOG" >&2; exit 1; }
# What `make run` does next, without make between the signal and the server.
(cd "$TMP/parley" && .venv/bin/parley init .parley >>"$LOG" 2>&1) || { tail -n 20 "$LOG" >&2; exit 1; }
"$TMP/parley/.venv/bin/parley" --home "$TMP/parley/.parley" serve --port 0 >>"$LOG" 2>&1 &
PID=$!

waited=0
until grep -q 'is ready' "$LOG"; do
    kill -0 "$PID" 2>/dev/null || { tail -n 20 "$LOG" >&2; exit 1; }
    [ $waited -lt 240 ] || { echo "not ready after two minutes" >&2; tail -n 20 "$LOG" >&2; exit 1; }
    waited=$((waited + 1))
    sleep 0.5
done
address=$(sed -n 's/.*is ready: \(http[^ ]*\).*/\1/p' "$LOG")
"$TMP/parley/.venv/bin/python" - "$address" <<'END'
import sys, urllib.request
assert b"<title>Parley</title>" in urllib.request.urlopen(sys.argv[1], timeout=10).read()
END
kill -TERM "$PID"
wait "$PID"
PID=
if grep -q Traceback "$LOG"; then tail -n 30 "$LOG" >&2; exit 1; fi
echo "a fresh clone serves"
