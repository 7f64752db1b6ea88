# suites.sh: sourced by the test drivers. suite NAME COMMAND... runs one and keeps count; finish sums up.
suites_passed=0
suites_failed=""

suite() {
  name=$1
  shift
  echo
  echo "== $name"
  started=$(date +%s)
  if "$@"; then
    suites_passed=$((suites_passed + 1))
    echo "-- $name: passed in $(($(date +%s) - started)) s"
  else
    suites_failed="$suites_failed
  $name"
    echo "-- $name: FAILED after $(($(date +%s) - started)) s"
  fi
}

finish() {
  echo
  if [ -z "$suites_failed" ]; then
    echo "all $suites_passed suites passed"
    exit 0
  fi
  echo "$suites_passed suites passed; failed:$suites_failed"
  exit 1
}
