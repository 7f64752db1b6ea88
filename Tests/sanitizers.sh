#!/bin/sh
# sanitizers.sh address|thread [FILTER]: runs the Swift tests, and the C and C++ in the engine, with a compiler's
# sanitizer. Each has a build of its own in .build-asan or .build-tsan. With address, what is undefined in C and C++
# traps too; Swift checks its own arithmetic in every build, and its compiler has no such sanitizer here.
set -u
kind=${1:?usage: sanitizers.sh address|undefined|thread [FILTER]}
filter=${2:-}
# Models without optimization would take most of an hour under a sanitizer; its checks are in all the same.
export ATTUNE_QUICK_TESTS=1
# The runtime's own crash reporter would wait for a debugger's answer while a sanitizer writes its report.
export SWIFT_BACKTRACE=enable=no
case $kind in
  address)
    scratch=.build-asan
    # What the runtime keeps until the end of the process is no leak of ours; valgrind looks for leaks in C hosts.
    export ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=86:${ASAN_OPTIONS:-}" ;;
  thread)
    scratch=.build-tsan
    # Its reports are judged below, apart from the tests' own outcome. A file a process: several write at once.
    reports=$PWD/$scratch/reports
    rm -rf "$reports"
    mkdir -p "$reports"
    export TSAN_OPTIONS="exitcode=0:log_path=$reports/tsan:${TSAN_OPTIONS:-}"
    filter=${filter:-AttuneObjectivesTests|AttuneTests} ;;
  *)
    echo "sanitizers.sh: '$kind' is no sanitizer, wanted address or thread" >&2
    exit 2 ;;
esac
# Objectives that crash do so in workers as they are shipped: a sanitizer there would answer for them.
if [ -x "${ATTUNE_TREE:-}/bin/attune-worker" ]; then export ATTUNE_WORKER="$ATTUNE_TREE/bin/attune-worker"; fi
# SwiftPM 6.3 fails with "unknown build description" when it finds an old plan in a folder like this one.
rm -f "$scratch"/*.yaml
started=$(date +%s)
set -- --sanitize="$kind"
if [ "$kind" = address ]; then
  for compiler in -Xcc -Xcxx; do
    set -- "$@" $compiler -fsanitize=undefined $compiler -fsanitize-trap=undefined
  done
fi
swift test "$@" --scratch-path "$scratch" --disable-xctest --skip TidyTests ${filter:+--filter "$filter"} >"$scratch.log" 2>&1
status=$?
grep -E 'ERROR: AddressSanitizer|SUMMARY: AddressSanitizer|✘|: error:' "$scratch.log" | grep -v '^attune: error:' | head -40
if [ "$kind" = thread ]; then find "$reports" -type f -exec cat {} + | awk -f Tests/tsan.awk || status=1; fi
# The runner's own last words: how many tests there were, and how many of them failed.
summary=$(grep -E 'Test run with [0-9]+ test' "$scratch.log" | tail -1)
echo "${summary:-sanitizers.sh: no test ran; the log is $scratch.log}"
echo "$kind sanitizer: status $status after $(($(date +%s) - started)) s"
[ $status -eq 0 ] && [ -n "$summary" ]
