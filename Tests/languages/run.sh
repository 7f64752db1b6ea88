#!/bin/sh
# run.sh LIBDIR INCLUDEDIR [LANGUAGE...]: runs the tour in every language, and compares what each prints with C's.
# The toolchains must be there: `make test-languages` installs them. One that is missing is a failure.
# The last line is the sum, "N passed, N failed".
set -u
usage="usage: run.sh LIBDIR INCLUDEDIR [LANGUAGE...]"
libdir=$(cd "${1:?$usage}" && pwd) || exit 2
include=$(cd "${2:?$usage}" && pwd) || exit 2
shift 2
languages=${*:-"rust go java lua ruby perl r guile"}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
export LD_LIBRARY_PATH="$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
unset ATTUNE_PLUGIN_PATH ATTUNE_PLUGINS ATTUNE_LOG ATTUNE_STORAGE ATTUNE_STUDY ATTUNE_SEED

tour_c() { ${CC:-cc} -std=c99 -O2 -Wall -Wextra -Werror -I"$include" -o "$work/c" "$here/tour.c" -L"$libdir" -lattune -lm && "$work/c"; }
tour_rust() { rustc --edition 2021 -O -D warnings -L "$libdir" -o "$work/rust" "$here/tour.rs" && "$work/rust"; }
tour_go() {
  GO111MODULE=off GOCACHE=$work/go-cache GOPATH=$work/go CGO_CFLAGS="-O2 -I$include" CGO_LDFLAGS="-L$libdir" \
    go build -o "$work/go-tour" "$here/tour.go" && "$work/go-tour"
}
tour_java() {
  jna=/usr/share/java/jna.jar
  javac -Xlint:all,-serial -Werror -cp "$jna" -d "$work/java" "$here/Tour.java" &&
    java -XX:TieredStopAtLevel=1 -Djna.library.path="$libdir" -cp "$jna:$work/java" Tour
}
tour_lua() { luajit "$here/tour.lua" "$include/attune.h"; }
tour_ruby() { ruby -W "$here/tour.rb"; }
tour_perl() { perl "$here/tour.pl"; }
tour_r() {
  mkdir "$work/r" && cp "$here/tour_r.c" "$work/r/" && cd "$work/r" &&
    PKG_CPPFLAGS="-I$include" PKG_LIBS="-L$libdir -lattune" R CMD SHLIB -o tour_r.so tour_r.c >build.log 2>&1 ||
    { cat build.log; return 1; }
  Rscript --vanilla "$here/tour.R" "$work/r/tour_r.so"
}
tour_guile() { guile --no-auto-compile "$here/tour.scm"; }

if ! tour_c >"$work/expected" 2>"$work/errors"; then
  cat "$work/errors"
  echo "c: expected the tour to end with status 0"
  exit 1
fi
cat "$work/expected"
passed=0 failed=0
for language in $languages; do
  started=$(date +%s)
  (tour_"$language") >"$work/output" 2>"$work/errors"
  status=$?
  if [ $status -eq 0 ] && cmp -s "$work/expected" "$work/output" && [ ! -s "$work/errors" ]; then
    passed=$((passed + 1))
    printf '%-6s the same %d lines in %d s\n' "$language" "$(wc -l <"$work/expected")" $(($(date +%s) - started))
  else
    failed=$((failed + 1))
    echo "$language: FAILED: expected status 0, nothing on standard error and C's lines, got status $status and"
    cat "$work/errors"
    diff "$work/expected" "$work/output"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
