#!/bin/sh
# run.sh ATTUNE-BENCH: measures what Attune costs and prints tables of medians. Times are of this machine at this
# moment: nothing fails by them. Then measures what pruning saves and how good the strategies' trials are, and fails when
# it saves too little or costs too much, or they are worse than quality.thresholds allows. ATTUNE_TREE is the built tree;
# ATTUNE_BENCH_ROUNDS how often all is run (default 3).
set -eu
bench=${1:?usage: run.sh ATTUNE-BENCH}
tree=${ATTUNE_TREE:?run.sh: ATTUNE_TREE must name the built tree}
rounds=${ATTUNE_BENCH_ROUNDS:-3}
here=Tests/bench
build=.build-attune/bench
mkdir -p "$build"
trap 'rm -rf "$build/results" "$build"/*.db*' EXIT
rm -rf "$build/results"
mkdir -p "$build/results"

${CC:-cc} -O2 -fPIC -shared -fvisibility=hidden -I"$tree/include" "$here/objectives.c" -o "$build/objectives.attune.so"
for program in ask_tell calls shared_study; do
  ${CC:-cc} -O2 -I"$tree/include" "$here/$program.c" -o "$build/$program" -L"$tree/lib" -lattune "-Wl,-rpath,$tree/lib"
done
${CC:-cc} -O2 Tests/install/idle.c -o "$build/idle" -ldl

# Optuna beside it, where it can be had; in an environment of its own.
python=$PWD/.build-attune/bench-venv/bin/python
if ! "$python" -c 'import optuna' 2>/dev/null; then
  echo "attune: installing Optuna into .build-attune/bench-venv, to measure beside it"
  { python3 -m venv .build-attune/bench-venv &&
    { "$python" -m pip install -q 'optuna==5.0.0' || "$python" -m pip install -q optuna; }; } >"$build/venv.log" 2>&1 ||
    echo "attune: note: Optuna cannot be installed here, so its figures are missing ($build/venv.log)"
fi

line() { printf '%-48s %12s %12s\n' "$1" "$2" "$3"; }
round=0
while [ $round -lt "$rounds" ]; do
  round=$((round + 1))
  echo "attune: round $round of $rounds" >&2
  "$build/ask_tell" 1000000 >"$build/results/ask_tell.$round"
  "$python" "$here/optuna_random.py" >"$build/results/optuna.$round" 2>/dev/null || : >"$build/results/optuna.$round"
  attune=$(awk '/^trials\/s, all/ { print $3 }' "$build/results/ask_tell.$round")
  optuna=$(awk '{ print $(NF) }' "$build/results/optuna.$round")
  if [ -n "$optuna" ]; then
    line "Attune to Optuna, times as fast" "$(awk "BEGIN { print $attune / $optuna }")" "" >>"$build/results/optuna.$round"
  fi
  "$build/calls" 20 >"$build/results/calls.$round"
  "$bench" "$build/objectives.attune.so" "$build" >"$build/results/engine.$round"
  "$python" "$here/optuna_storage.py" "$build" >"$build/results/storage.$round" 2>/dev/null || : >"$build/results/storage.$round"
  for pair in "process >=50" "full >=5"; do
    durability=${pair% *}
    ours=$(awk "/^Attune in SQLite, $durability/ { print \$(NF) }" "$build/results/engine.$round")
    theirs=$(awk "/^Optuna in SQLite, $durability/ { print \$(NF) }" "$build/results/storage.$round")
    [ -z "$theirs" ] ||
      line "Attune to Optuna in SQLite, $durability" "$(awk "BEGIN { print $ours / $theirs }")" \
        "$(echo "${pair#* }" | sed 's/>=/>= /')" >>"$build/results/storage.$round"
  done
  {
    line "opening the library" measured wanted
    i=0
    while [ $i -lt 5 ]; do
      i=$((i + 1))
      "$build/idle" "$tree/lib/libattune.so.0"
    done | while read -r ms mb; do
      line "dlopen, ms" "$ms" "<= 3"
      line "resident memory of an idle host, MB" "$mb" "<= 10"
    done
    line "library, MB" "$(awk "BEGIN { print $(stat -L -c %s "$tree/lib/libattune.so.0") / 1e6 }")" "<= 12"
  } >"$build/results/idle.$round"
done
: >"$build/results/shared.1"
if sh Tests/storage/environments.sh 5.0.0 2>>"$build/venv.log"; then
  sh Tests/storage/postgres.sh "$PWD/.build-attune/storage/optuna-5.0.0/bin/python" "$here/shared.py" \
    "$PWD/$build/shared_study" 8 40 "$rounds" >"$build/results/shared.1" ||
    echo "attune: note: no figures of PostgreSQL" >&2
fi
echo "attune: medians of $rounds rounds; $(nproc) cores, load average $(cut -d' ' -f1 /proc/loadavg), $(uname -m)"
for part in ask_tell optuna calls engine storage idle shared; do
  cat "$build/results/$part".*
done | awk -f "$here/table.awk"

echo
echo "attune: ask and tell of the models beside Optuna and Rustuna, one round (all of it: Tests/peers/run.sh overhead)"
PEERS_RESULTS="$PWD/$build/peers" ATTUNE_LIB="$tree/lib/libattune.so.0" sh Tests/peers/run.sh overhead --rounds 1 \
  --engines attune_tpe,optuna_tpe,rustuna_tpe,attune_gp,optuna_gp,attune_bayesian ||
  echo "attune: note: the peers cannot be installed here, so these figures are missing"

echo
echo "attune: rounds that pruning saves on the boosting example"
failed=0
python3 "$here/pruning.py" --check curve || failed=1
echo
python3 "$here/pruning.py" --strategy bayesian --pruners curve || failed=1

echo
echo "attune: normalised regret on random instances of test problems; 0 is the optimum, 1 is random search"
"$bench" quality --check "$here/quality.thresholds" --jobs "$(nproc)" || failed=1
exit $failed
