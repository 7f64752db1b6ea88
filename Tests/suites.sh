# suites.sh: sourced by the test drivers. suite NAME COMMAND... runs one and keeps count; finish sums up.
# The last lines of what a failed suite wrote stand at the very end again: a log that was cut off shows the cause.
suites_passed=0
suites_failed=""
suites_work=$(mktemp -d) || exit 2
: >"$suites_work/failures"
trap 'rm -rf "$suites_work"' EXIT

suite() {
  name=$1
  shift
  echo
  echo "== $name"
  started=$(date +%s)
  # The status goes through a file: a pipe's is that of tee.
  { "$@" 2>&1; echo $? >"$suites_work/status"; } | tee "$suites_work/output"
  if [ "$(cat "$suites_work/status")" = 0 ]; then
    suites_passed=$((suites_passed + 1))
    echo "-- $name: passed in $(($(date +%s) - started)) s"
  else
    suites_failed="$suites_failed
  $name"
    echo "-- $name: FAILED after $(($(date +%s) - started)) s"
    {
      echo
      echo "-- $name: its last lines"
      tail -n 20 "$suites_work/output"
    } >>"$suites_work/failures"
  fi
  rm -f "$suites_work/status"
}

finish() {
  cat "$suites_work/failures"
  echo
  if [ -z "$suites_failed" ]; then
    echo "all $suites_passed suites passed"
    exit 0
  fi
  echo "$suites_passed suites passed; failed:$suites_failed"
  exit 1
}
