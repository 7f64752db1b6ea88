#!/bin/sh
# fuzz.sh SECONDS: the call-sequence fuzzer against the built tree, half with one thread, half with four.
set -eu
seconds=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc -O1 -g -pthread -I"$ATTUNE_TREE/include" "$here/fuzz.c" -o "$work/fuzz" -L"$ATTUNE_TREE/lib" -lattune -lm
export LD_LIBRARY_PATH="$ATTUNE_TREE/lib" TMPDIR="$work"
seed=${FUZZ_SEED:-$(date +%s)}
half=$(( (seconds + 1) / 2 ))
"$work/fuzz" --seed "$seed" --seconds "$half"
"$work/fuzz" --seed "$((seed + 1))" --seconds "$half" --threads 4
