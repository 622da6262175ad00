#!/bin/sh
# What `make test-postgres` starts: a PostgreSQL server of its own. Does nothing where the programs are there.
set -eu

for program in /usr/lib/postgresql/*/bin/initdb; do
    if [ -x "$program" ]; then exit 0; fi
done
exec sh "$(dirname "$0")/system_packages.sh" test-postgres "PostgreSQL" postgresql
