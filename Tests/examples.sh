#!/bin/sh
# examples.sh TRIALS: builds and runs the programs and plugins of examples-c as a stranger would: in a folder of their
# own, against the built tree (ATTUNE_TREE).
set -u
. Tests/checks.sh
trials=${1:?usage: examples.sh TRIALS}
tree=${ATTUNE_TREE:?examples.sh: ATTUNE_TREE must name the built tree}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
examples=$work/examples
cp -R examples-c "$examples"
for folder in "$examples"/*/Makefile; do make -s -C "$(dirname "$folder")" clean; done
export PATH="$tree/bin:$PATH" PKG_CONFIG_PATH="$tree/lib/pkgconfig" LD_LIBRARY_PATH="$tree/lib"
export SWIFT_BACKTRACE=enable=no
# Studies of these tests are looked at in what the runs print.
export ATTUNE_STORAGE=memory:
unset ATTUNE_PLUGIN_PATH ATTUNE_STUDY ATTUNE_SEED ATTUNE_LOG MAKEFLAGS MAKELEVEL
result() { python3 Tests/examples/result.py "$@"; }

echo "-- programs"
check "the programs build by pkg-config" make -C "$examples" programs
run() { # run PROGRAM PATTERN: it ends well and prints what it is for
  "$examples/build/$1" >"$work/out" 2>&1 || { cat "$work/out"; return 1; }
  grep -qE "$2" "$work/out" || { echo "expected $2 in:"; cat "$work/out"; return 1; }
}
check "ask_tell finds a good learning rate" run ask_tell '"value": *0\.[01]'
check "callback runs 2000 trials on two threads" run callback 'ended by n_trials; best is trial [0-9]+ with [0-9]'
check "native finds the lowest cosine" run native '^cos: .*"value": *-(1|0\.99)'

tune() { # tune RESULT PLUGIN OPTIONS...
  out=$1
  file=$2
  shift 2
  attune run "$file" --n-trials "$trials" --seed 1 --progress none -f json "$@" >"$out"
}
check_plugin() { attune plugin check "$1" -f json >"$work/check.json" || { cat "$work/check.json"; return 1; }; }
try_plugin() { # try_plugin NAME FILE
  check "$1: attune plugin check" check_plugin "$2"
  check "$1: $trials trials" tune "$work/one.json" "$2"
  check "$1: the best value is a number" result "$work/one.json" complete
  result "$work/check.json" claims deterministic || return 0
  check "$1: $trials trials again" tune "$work/two.json" "$2"
  check "$1: the same seed gives the same best" same "$(result "$work/one.json")" "$(result "$work/two.json")"
  result "$work/check.json" claims process_only && return 0
  check "$1: one job" tune "$work/three.json" "$2" --strategy random
  check "$1: two jobs" tune "$work/four.json" "$2" --strategy random --n-jobs 2
  check "$1: two jobs find the best of one" same "$(result "$work/three.json")" "$(result "$work/four.json")"
}
plugins=""
for makefile in "$examples"/*/Makefile; do
  folder=$(dirname "$makefile")
  name=$(basename "$folder")
  file=$folder/$name.attune.so
  echo "-- $name"
  check "$name: builds" make -C "$folder"
  [ -f "$file" ] || continue
  try_plugin "$name" "$file"
  case $name in
    svm) check "svm: the error is below 0.1" result "$work/one.json" below 0.1 ;;
    # Its objective is a time, which no two runs share.
    matmul) continue ;;
  esac
  plugins="$plugins $file"
  if grep -q 'STATIC' "$makefile"; then
    # Beside their data, as in the folder they come from.
    mkdir -p "$work/data" "$work/dynamic" "$work/static"
    cp "$examples"/data/*.csv "$work/data"
    mv "$file" "$work/dynamic/"
    check "$name: builds with a Swift runtime of its own" make -C "$folder" STATIC=1
    mv "$file" "$work/static/"
    for runtime in dynamic static; do
      check "$name ($runtime runtime): $trials trials" tune "$work/$runtime.json" "$work/$runtime/$name.attune.so"
    done
    check "$name: both runtimes give the same best" same "$(result "$work/dynamic.json")" "$(result "$work/static.json")"
    not_swift() { not sh -c 'readelf -d "$1" | grep "NEEDED.*swift"' - "$1"; }
    check "$name: the static one needs no Swift library" not_swift "$work/static/$name.attune.so"
    plugins="${plugins% *} $work/dynamic/$name.attune.so $work/static/$name.attune.so"
  fi
done

echo "-- all in one process, from 16 threads"
together() {
  # shellcheck disable=SC2046,SC2086
  ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 Tests/examples/together.c -o "$work/together" \
    $(pkg-config --cflags --libs attune) -lpthread -lm && "$work/together" 3 $plugins
}
languages=$(for file in $plugins; do basename "$(dirname "$file")"; done | paste -sd' ')
check "$languages: 16 threads give what one gives" together
grep -E '^[0-9]+ passed' "$checks_output" | sed 's/^/      studies: /'
checks_end
