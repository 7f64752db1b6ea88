#!/bin/sh
# sanitizers.sh address|undefined|thread [FILTER]: runs the Swift tests, and the C and C++ in the engine, with a
# compiler's sanitizer. Each has a build of its own in .build-asan, .build-ubsan or .build-tsan.
set -u
kind=${1:?usage: sanitizers.sh address|undefined|thread [FILTER]}
filter=${2:-}
# The runtime's own crash reporter would wait for a debugger's answer while a sanitizer writes its report.
export SWIFT_BACKTRACE=enable=no
case $kind in
  address)
    scratch=.build-asan
    # What the runtime keeps until the end of the process is no leak of ours; valgrind looks for leaks in C hosts.
    export ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=86:${ASAN_OPTIONS:-}" ;;
  undefined)
    # For the C and C++ targets: Swift checks its own arithmetic in every build.
    scratch=.build-ubsan
    export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:exitcode=86:${UBSAN_OPTIONS:-}" ;;
  thread)
    scratch=.build-tsan
    # Mutex of the standard library is not instrumented: what it protects looks unprotected.
    export TSAN_OPTIONS="exitcode=86:suppressions=$PWD/Tests/tsan.suppressions:${TSAN_OPTIONS:-}" ;;
  *)
    echo "sanitizers.sh: '$kind' is no sanitizer, wanted address, undefined or thread" >&2
    exit 2 ;;
esac
# SwiftPM 6.3 fails with "unknown build description" when it finds an old plan in a folder like this one.
rm -f "$scratch"/*.yaml
started=$(date +%s)
swift test --sanitize="$kind" --scratch-path "$scratch" --disable-xctest --skip TidyTests ${filter:+--filter "$filter"} >"$scratch.log" 2>&1
status=$?
grep -E 'ERROR: (Address|Thread)Sanitizer|WARNING: ThreadSanitizer|runtime error:|SUMMARY:|✘|error:' "$scratch.log" | sort | uniq -c |
  sort -rn | head -40
# The runner's own last words: how many tests there were, and how many of them failed.
summary=$(grep -E 'Test run with [0-9]+ test' "$scratch.log" | tail -1)
echo "${summary:-sanitizers.sh: no test ran; the log is $scratch.log}"
echo "$kind sanitizer: status $status after $(($(date +%s) - started)) s"
[ $status -eq 0 ] && [ -n "$summary" ]
