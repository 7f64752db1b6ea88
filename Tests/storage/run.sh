#!/bin/sh
# run.sh VERSION [PATTERN]: tests studies that Attune and a version of Optuna share, on SQLite and on a PostgreSQL
# server of its own. ATTUNE_TREE is the built tree. PATTERN keeps the tests whose names have it, or one of several with |
# between; quick stands for the few that show on SQLite that each reads and continues what the other wrote.
set -eu
cd "$(dirname "$0")/../.."
version=$1
shift
sh Tests/storage/environments.sh "$version"
if [ "${1:-}" = quick ]; then
  exec "${STORAGE_HOME:-.build-attune/storage}/optuna-$version/bin/python" Tests/storage/run.py \
    "$ATTUNE_TREE/bin/attune" "every kind of trial in sqlite|began in sqlite"
fi
python=$PWD/${STORAGE_HOME:-.build-attune/storage}/optuna-$version/bin/python
exec sh Tests/storage/postgres.sh "$python" Tests/storage/run.py "$ATTUNE_TREE/bin/attune" "$@"
