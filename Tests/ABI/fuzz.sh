#!/bin/sh
# Fuzzes the ABI: three parts of the time with one thread, three with four, one on damaged study files.
# FUZZ_SEED repeats a run.
# usage: fuzz.sh SECONDS [LIBDIR INCLUDEDIR]     default: lib and include of ATTUNE_TREE
set -u
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:?usage: fuzz.sh SECONDS [LIBDIR INCLUDEDIR]}
tree=${ATTUNE_TREE:-$here/../../.build-attune/tree}
exec "$here/run.sh" "${2:-$tree/lib}" "${3:-$tree/include}" --only fuzz --fuzz $(((seconds * 3 + 6) / 7))
