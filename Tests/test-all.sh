#!/bin/sh
# test-all.sh: what `make test-all` runs beyond `make test`.
set -u
. Tests/suites.sh
include=$ATTUNE_TREE/include
lib=$ATTUNE_TREE/lib

suite "C hosts with sanitizers" sh Tests/ABI/run.sh "$lib" "$include" --sanitize
suite "engine under AddressSanitizer" sh Tests/sanitizers.sh address
suite "C and C++ of the engine, undefined behaviour trapping" sh Tests/sanitizers.sh undefined
suite "installed trees" sh Tests/install.sh
suite "ABI of the headers" sh Tests/ABI/abidiff.sh
suite "call-sequence fuzzer, 300 s" sh Tests/ABI/fuzz.sh 300
suite "examples, full" sh Tests/examples.sh 40
suite "bayesian in 40 trials finds what random search does in 120" python3 Tests/examples/reach.py --check 40
finish
