# checks.sh: sourced by test scripts. Each check is a promise and a command that must succeed; its output is
# shown only when it does not. `checks_end` prints the sum and gives the exit status.
checks_passed=0
checks_failed=0
checks_output=$(mktemp) || exit 2

# check PROMISE COMMAND...
check() {
  promise=$1
  shift
  if "$@" >"$checks_output" 2>&1; then
    checks_passed=$((checks_passed + 1))
    echo "ok    $promise"
  else
    failed "$promise" "status $?: $*"
    sed 's/^/        /' "$checks_output" | tail -40
  fi
}

# failed PROMISE WHAT: counts a failure that was found otherwise.
failed() {
  checks_failed=$((checks_failed + 1))
  echo "FAIL  $1"
  echo "        $2"
}

# refuse PROMISE COMMAND...: the command must fail.
refuse() {
  promise=$1
  shift
  check "$promise" not "$@"
}
not() { ! "$@"; }

# same EXPECTED FOUND
same() {
  [ "$1" = "$2" ] && return 0
  printf 'expected: %s\nfound:    %s\n' "$1" "$2"
  return 1
}

checks_end() {
  rm -f "$checks_output"
  echo "$checks_passed passed, $checks_failed failed"
  [ "$checks_failed" -eq 0 ]
}
