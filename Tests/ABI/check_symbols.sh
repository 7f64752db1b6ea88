#!/bin/sh
# The names of attune.h, of attune.map, of the library and of the recorded baseline are the same.
# usage: check_symbols.sh LIBATTUNE   (the shipped library, as ATTUNE_SO=1 builds it)
set -u
export LC_ALL=C
library=${1:?usage: check_symbols.sh LIBATTUNE}
tests=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$tests/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

sed -n 's/^ATTUNE_API .*[ *]\(attune_[a-z0-9_]*\)(.*/\1/p' "$root/include/attune.h" | sort >"$work/header"
sed -n 's/^ *\(attune_[a-z0-9_]*\);.*/\1/p' "$root/Sources/AttuneCABI/attune.map" | sort >"$work/map"
# Every exported name, with its version; the version node itself is an absolute symbol.
nm -D --defined-only --with-symbol-versions "$library" | awk '$2 != "A" { print $3 }' | sort >"$work/library"
sed 's/@@.*//' "$tests/attune.symbols" | sort >"$work/baseline"
sort "$tests/attune.symbols" >"$work/versioned"

compare() { # compare WHAT EXPECTED FOUND
  if ! diff "$work/$2" "$work/$3" >"$work/diff"; then
    failed=$((failed + 1))
    echo "$1 (< expected, > found):"
    grep '^[<>]' "$work/diff"
  fi
}
compare "attune.map against attune.h" header map
compare "baseline against attune.h" header baseline
compare "library against baseline" versioned library

declared=$(grep -c '^ATTUNE_API ' "$root/include/attune.h")
count=$(wc -l <"$work/header")
if [ "$count" -ne "$declared" ]; then
  failed=$((failed + 1))
  echo "attune.h declares $declared functions, this script reads $count"
fi

needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for name in $needed; do
  case $name in
  libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux*.so.*) ;;
  *)
    failed=$((failed + 1))
    echo "library needs $name, wanted libc, libm, libstdc++, libgcc_s and ld-linux only"
    ;;
  esac
done
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
if [ "$soname" != libattune.so.0 ]; then
  failed=$((failed + 1))
  echo "SONAME is $soname, wanted libattune.so.0"
fi
for flag in NOW NODELETE; do
  if ! readelf -d "$library" | grep FLAGS_1 | grep -q "$flag"; then
    failed=$((failed + 1))
    echo "FLAGS_1 lacks $flag"
  fi
done

echo "$count names, $failed differences"
[ "$failed" -eq 0 ]
