#!/bin/sh
# test.sh: what `make test` runs on the built tree: each suite with its own summary, then the sum.
# ATTUNE_TREE is the tree, laid out as it is installed.
set -u
. Tests/suites.sh
include=$ATTUNE_TREE/include
lib=$ATTUNE_TREE/lib

suite "unit and law tests" env ATTUNE_QUICK_TESTS=1 swift test --explicit-target-dependency-import-check error
suite "headers in every C and C++" sh Tests/ABI/header_test.sh
suite "exported symbols" sh Tests/ABI/check_symbols.sh "$lib/libattune.so.0"
suite "every function is called" sh Tests/ABI/coverage.sh
suite "C hosts" sh Tests/ABI/run.sh "$lib" "$include"
suite "call-sequence fuzzer, 60 s" sh Tests/ABI/fuzz.sh 60
suite "examples, few trials" sh Tests/examples.sh 8
suite "command line" python3 Tests/cli/run.py
suite "studies shared with Optuna 5.0, the main part" sh Tests/storage/run.sh 5.0.0 quick
suite "Python package" sh Tests/python/run.sh core .build-attune/wheel
suite "README as written" python3 Tests/readme.py
finish
