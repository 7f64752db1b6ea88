#!/bin/sh
# Builds and runs the C tests of the ABI against a library.
# usage: run.sh LIBDIR INCLUDEDIR [--valgrind] [--sanitize] [--only NAME] [--fuzz SECONDS]
#   LIBDIR holds libattune.so (or libattune.so.0, or libAttuneC.so as the build leaves it).
#   --valgrind   every program under valgrind: no error, no definite leak
#   --sanitize   tests built with AddressSanitizer and UndefinedBehaviorSanitizer
#   --fuzz S     also the fuzzer: S seconds with one thread, S with four, a third of S on damaged study files
# The last line is the sum, "N passed, N failed"; before it stand the last lines of each that failed once more.
set -u
usage="usage: run.sh LIBDIR INCLUDEDIR [--valgrind] [--sanitize] [--only NAME] [--fuzz SECONDS]"
libdir=$(cd "${1:?$usage}" && pwd) || exit 2
include=$(cd "${2:?$usage}" && pwd) || exit 2
shift 2
valgrind=0 sanitize=0 only="" fuzz=0
while [ $# -gt 0 ]; do
  case $1 in
    --valgrind) valgrind=1 ;;
    --sanitize) sanitize=1 ;;
    --only) only=${2:?$usage}; shift ;;
    --fuzz) fuzz=${2:?$usage}; shift ;;
    *) echo "run.sh: $1: unknown; $usage" >&2; exit 2 ;;
  esac
  shift
done
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/lib" "$work/plugins" "$work/tmp"
: >"$work/failures"
export TMPDIR="$work/tmp" ATTUNE_TEST_PLUGINS="$work/plugins"
unset ATTUNE_PLUGIN_PATH ATTUNE_PLUGINS ATTUNE_LOG ATTUNE_STORAGE ATTUNE_STUDY ATTUNE_SEED

library=""
for name in libattune.so.0 libattune.so libAttuneC.so; do
  [ -z "$library" ] && [ -e "$libdir/$name" ] && library=$libdir/$name
done
[ -n "$library" ] || { echo "run.sh: $libdir: expected libattune.so.0, libattune.so or libAttuneC.so, found none" >&2; exit 2; }
if [ $valgrind -eq 1 ]; then
  # valgrind 3.19 cannot read the debug information that Swift writes.
  strip --strip-debug -o "$work/lib/libattune.so.0" "$library" || exit 2
else
  ln -s "$library" "$work/lib/libattune.so.0"
fi
ln -s libattune.so.0 "$work/lib/libattune.so"
# The library looks for its helper beside itself and in ../bin.
mkdir "$work/bin"
for helper in "$libdir/../bin/attune-worker" "$libdir/attune-worker"; do
  [ -x "$helper" ] && [ ! -e "$work/bin/attune-worker" ] && ln -s "$helper" "$work/bin/attune-worker"
done
export LD_LIBRARY_PATH="$work/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"

flags="-D_GNU_SOURCE -Wall -Wextra -Werror -Wno-cast-function-type -O1 -g -I$include"
if [ $sanitize -eq 1 ]; then
  flags="$flags -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
  # Leaks are valgrind's business: the runtime inside the library keeps some memory until the end.
  # The fuzzer has signal stacks of its own, which AddressSanitizer would take for its own and unmap.
  export ASAN_OPTIONS="detect_leaks=0:use_sigaltstack=0:handle_segv=0:handle_abort=0:handle_sigill=0:${ASAN_OPTIONS:-}"
fi
link="-L$work/lib -lattune -lm -lpthread"

sum_passed=0 sum_failed=0
count() { # count NAME FILE STATUS: adds the program's own line, or one failure when it has none
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$2" | tail -1)
  passed=${line%% passed*}
  failed=${line#*passed, }
  failed=${failed%% failed*}
  if [ -z "$line" ] || { [ "$3" -ne 0 ] && [ "$failed" -eq 0 ]; }; then
    passed=${passed:-0}
    failed=$((${failed:-0} + 1))
    echo "$1: expected exit status 0 and a line \"N passed, N failed\", got status $3"
  fi
  sum_passed=$((sum_passed + passed))
  sum_failed=$((sum_failed + failed))
  if [ "$failed" -ne 0 ]; then
    { echo "-- $1, status $3, its last lines:"; grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$2" | tail -n 12; } >>"$work/failures"
  fi
  printf '%-20s %6d passed, %d failed\n' "$1" "$passed" "$failed"
}
wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }
run_script() { # run_script NAME ARGUMENTS...
  name=$1
  shift
  wanted "$name" || return 0
  "$here/$name.sh" "$@" >"$work/out" 2>&1
  status=$?
  grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$work/out"
  count "$name" "$work/out" $status
}
run_program() { # run_program NAME ARGUMENTS...
  name=$1
  shift
  if [ $valgrind -eq 1 ]; then
    valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite \
      --child-silent-after-fork=yes "$work/$name" "$@" >"$work/out" 2>&1
  else
    "$work/$name" "$@" >"$work/out" 2>&1
  fi
  status=$?
  grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$work/out" | head -200
  count "$name" "$work/out" $status
}

plugin() { # plugin NAME SOURCE FLAGS...
  name=$1 source=$2
  shift 2
  ${CC:-cc} -std=c99 -fPIC -shared -fvisibility=hidden -Wall -Wextra -Werror -I"$include" "$@" \
    -o "$work/plugins/$name.attune.so" "$here/plugins/$source.c" || exit 2
}
chmod 755 "$work/plugins"
plugin good good
plugin chaos ../../plugins/chaos
plugin pausing ../../plugins/pausing
number=0
for name in no_entry refuses small_plugin small_descriptor null_id bad_id no_objectives null_objective no_values bad_space \
  null_space null_evaluate wrong_major not_utf8 same_ids many_values bad_direction single; do
  number=$((number + 1))
  plugin $name broken -DBROKEN=$number
done

run_script header_test "$include"
run_script coverage "$include"
for source in "$here"/*.c; do
  name=$(basename "$source" .c)
  [ "$name" = fuzz ] && continue
  wanted "$name" || continue
  # shellcheck disable=SC2086
  if ${CC:-cc} -std=c11 $flags -o "$work/$name" "$source" $link; then run_program "$name"
  else sum_failed=$((sum_failed + 1)); echo "$name: expected to compile"; fi
done
for source in "$here"/*.cpp; do
  name=$(basename "$source" .cpp)
  wanted "$name" || continue
  # shellcheck disable=SC2086
  if ${CXX:-c++} -std=c++17 $flags -o "$work/$name" "$source" $link; then run_program "$name"
  else sum_failed=$((sum_failed + 1)); echo "$name: expected to compile"; fi
done
if [ "$fuzz" != 0 ]; then
  # shellcheck disable=SC2086
  ${CC:-cc} -std=gnu11 $flags -o "$work/fuzz" "$here/fuzz.c" $link || exit 2
  seed=${FUZZ_SEED:-$(date +%s)}
  run_program fuzz --seconds "$fuzz" --seed "$seed"
  run_program fuzz --seconds "$fuzz" --seed "$seed" --threads 4
  run_program fuzz --seconds $(((fuzz + 2) / 3)) --seed "$seed" --files
fi

cat "$work/failures"
echo "$sum_passed passed, $sum_failed failed"
[ "$sum_failed" -eq 0 ]
