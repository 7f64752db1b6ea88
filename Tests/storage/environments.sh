#!/bin/sh
# environments.sh [VERSION...]: makes the virtual environments with real Optuna that the storage tests compare with
# (default: 5.0.0 and 4.9.0). STORAGE_HOME says where (default .build-attune/storage).
set -eu
cd "$(dirname "$0")/../.."
home=${STORAGE_HOME:-.build-attune/storage}
mkdir -p "$home"

[ $# -gt 0 ] || set -- 5.0.0 4.9.0
for version; do
  at=$home/optuna-$version
  [ -e "$at/complete" ] && continue
  echo "storage tests: making the environment $at" >&2
  rm -rf "$at"
  python3 -m venv "$at"
  "$at/bin/python" -m pip install -q --disable-pip-version-check "optuna==$version" sqlalchemy psycopg2-binary \
    plotly scikit-learn pandas
  : >"$at/complete"
done
