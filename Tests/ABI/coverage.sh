#!/bin/sh
# Every function of attune.h is called in a C test.
# usage: coverage.sh [INCLUDEDIR]     default: the headers of this tree
set -u
include=${1:-$(dirname "$0")/../../include}
tests=$(cd "$(dirname "$0")" && pwd)
passed=0
failed=0
names=$(sed -n 's/^ATTUNE_API .*[ *]\(attune_[a-z0-9_]*\)(.*/\1/p' "$include/attune.h" | sort -u)
declared=$(grep -c '^ATTUNE_API ' "$include/attune.h")
for name in $names; do
  # fuzz.c and the table of handles.c call all of them; a test of its own is what counts.
  if grep -lw -- "$name" "$tests"/*.c "$tests"/*.cpp | grep -v -e '/fuzz\.c$' -e '/handles\.c$' -e '/fork\.c$' >/dev/null; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: expected a call in a test besides handles.c, fork.c and fuzz.c, found none"
  fi
done
count=$(echo "$names" | wc -l)
if [ "$count" -ne "$declared" ]; then
  failed=$((failed + 1))
  echo "attune.h: expected $declared declared names, this script reads $count"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
