#!/bin/sh
# run.sh [ENGINE...]: runs engines (default: attune) on the problems, each with 10 seeds and 100 trials, and prints
# where they stand among the recorded peers. attune_NAME is Attune by its strategy NAME. Makes what it needs.
# run.sh overhead [OPTION...]: measures what ask and tell cost beside Optuna and Rustuna instead (overhead.py).
# run.sh publish [ENGINE...]: both, the engines being attune, attune_gp and attune_tpe by default; writes RESULTS.md.
#   ATTUNE_LIB     the library (default: the one that `make` built)
#   PEERS_SET      fresh: 44 other problems than the 25; the tables are FRESH.md then, and overhead is not measured anew
#   PEERS_SEEDS    0-9      PEERS_PROBLEMS  all, suites, names      PEERS_JOBS  2      PEERS_HOME  .build-attune/peers
set -eu
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- attune
export PEERS_HOME="${PEERS_HOME:-$PWD/.build-attune/peers}" PYTHONDONTWRITEBYTECODE=1
lib=${ATTUNE_LIB:-.build-attune/tree/lib/libattune.so}
[ -e "$lib" ] || { echo "run.sh: there is no $lib: make it, or let ATTUNE_LIB name the library" >&2; exit 2; }
sh Tests/peers/environments.sh base
python=$PEERS_HOME/environments/base/bin/python

# A copy, so that all runs are of one build; a new build makes Attune's runs anew.
mkdir -p "$PEERS_HOME/lib"
if ! cmp -s "$lib" "$PEERS_HOME/lib/libattune.so"; then
  results=${PEERS_RESULTS:-$PEERS_HOME/results}
  rm -f "$PEERS_HOME/lib/libattune.so" "$results"/runs/attune*.jsonl "$results"/*/runs/attune*.jsonl
  cp -L "$lib" "$PEERS_HOME/lib/libattune.so"
fi
export ATTUNE_LIB="$PEERS_HOME/lib/libattune.so"

publish=
if [ "$1" = publish ]; then
  publish=--write
  shift
  [ $# -gt 0 ] || set -- attune attune_gp attune_tpe
fi
if [ "$1" = overhead ] || { [ -n "$publish" ] && [ -z "${PEERS_SET:-}" ]; }; then
  [ -n "$publish" ] || shift
  sh Tests/peers/environments.sh torch || echo "run.sh: note: there is no torch, so optuna_gp is not measured" >&2
  [ -n "$publish" ] || exec "$python" Tests/peers/overhead.py "$@"
  "$python" Tests/peers/overhead.py
fi
engines=$(IFS=,; echo "$*")
"$python" Tests/peers/bench.py run --engines "$engines" --problems "${PEERS_PROBLEMS:-all}" \
  --seeds "${PEERS_SEEDS:-0-9}" --jobs "${PEERS_JOBS:-2}"
"$python" Tests/peers/tables.py $publish "$@"
