#!/bin/sh
# `make widget`: checks, tests and builds the chat element; says so when what is committed is not what the sources give.
set -eu
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null 2>&1; then
    sh scripts/system_packages.sh widget "Node and npm" nodejs npm
fi
cd connectors/widget
if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "widget: installing what package-lock.json pins" >&2
    npm ci --no-audit --no-fund --loglevel=error >&2
    touch node_modules/.package-lock.json
fi
npm run --silent check
npm run --silent test -- "$@"
npm run --silent build
if [ -n "$(git status --porcelain -- ../web/widget)" ]; then
    echo "widget: connectors/web/widget was built anew: commit it with the sources" >&2
    git status --short -- ../web/widget >&2
    [ -z "${CI:-}" ] || exit 1
fi
