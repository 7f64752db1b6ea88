#!/bin/sh
# The headers alone, in every dialect a stranger may compile them in.
# usage: header_test.sh [INCLUDEDIR]     default: the headers of this tree
set -u
include=${1:-$(dirname "$0")/../../include}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0

try() { # try NAME COMPILER ARGUMENTS...
  name=$1
  shift
  if "$@" -fsyntax-only -I"$include" -pedantic -Wall -Wextra -Werror >"$folder/out" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "$name: expected to compile without a warning, got:"
    head -20 "$folder/out"
  fi
}

# Twice, to see the include guards; and both together, in both orders.
printf '#include "attune.h"\n#include "attune.h"\nint check_a(void);\n' >"$folder/attune.src"
printf '#include "attune_plugin.h"\n#include "attune_plugin.h"\nint check_p(void);\n' >"$folder/plugin.src"
printf '#include "attune.h"\n#include "attune_plugin.h"\nint check_ap(void);\n' >"$folder/both.src"
printf '#include "attune_plugin.h"\n#include "attune.h"\nint check_pa(void);\n' >"$folder/swapped.src"
printf '#include "attune_rate.h"\n#include "attune_rate.h"\nint check_r(void);\n' >"$folder/rate.src"
for source in attune plugin both swapped rate; do
  cp "$folder/$source.src" "$folder/$source.c"
  cp "$folder/$source.src" "$folder/$source.cpp"
done
printf '#include "attune_plugin.hpp"\n#include "attune_plugin.hpp"\nint check_hpp();\n' >"$folder/hpp.cpp"

for cc in gcc clang; do
  command -v $cc >/dev/null 2>&1 || continue
  for std in c89 c99 c11 c17; do
    for source in attune plugin both swapped rate; do
      try "$source.c with $cc -std=$std" $cc -std=$std "$folder/$source.c"
    done
  done
done
for cxx in g++ clang++; do
  command -v $cxx >/dev/null 2>&1 || continue
  # clang++ without a C++ standard library still compiles the C headers.
  for std in c++98 c++11 c++14 c++17 c++20; do
    for source in attune plugin both swapped rate; do
      try "$source.cpp with $cxx -std=$std" $cxx -std=$std "$folder/$source.cpp"
    done
  done
  if [ -f "$include/attune_plugin.hpp" ]; then
    echo '#include <string>' >"$folder/probe.cpp"
    $cxx -std=c++17 -fsyntax-only "$folder/probe.cpp" >/dev/null 2>&1 || continue
    for std in c++17 c++20; do
      try "attune_plugin.hpp with $cxx -std=$std" $cxx -std=$std "$folder/hpp.cpp"
    done
  fi
done
# Narrow enums and unsigned chars change nothing that crosses the boundary.
try "both.c with -fshort-enums" gcc -std=c99 -fshort-enums -funsigned-char "$folder/both.c"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
