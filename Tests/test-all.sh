#!/bin/sh
# test-all.sh: what `make test-all` runs beyond `make test`.
set -u
. Tests/suites.sh
include=$ATTUNE_TREE/include
lib=$ATTUNE_TREE/lib

suite "PostgreSQL connections" sh Tests/storage/postgres.sh env ATTUNE_QUICK_TESTS=1 \
  swift test --explicit-target-dependency-import-check error --filter Postgres
suite "laws of stores and studies on PostgreSQL" sh Tests/storage/postgres.sh env ATTUNE_QUICK_TESTS=1 ATTUNE_KILLS=50 \
  swift test --explicit-target-dependency-import-check error --filter \
  'StoreLawTests|AttuneTests.(StoredStudy|Statement|Resume|Crash|ForeignTrial|Joining|Pruning|Constraint|Duplicates|AddTrial|Deterministic|DeterministicRun|DeterministicProcess)Tests'
suite "studies shared with Optuna 5.0" sh Tests/storage/run.sh 5.0.0
suite "optuna-dashboard shows a study that runs" sh Tests/storage/dashboard.sh .build-attune/dashboard.png
suite "studies shared with Optuna 4.9, the main part" sh Tests/storage/run.sh 4.9.0 "every kind of trial|began in"
suite "C hosts under valgrind" sh Tests/ABI/run.sh "$lib" "$include" --valgrind
suite "C hosts with sanitizers" sh Tests/ABI/run.sh "$lib" "$include" --sanitize
suite "engine under AddressSanitizer, undefined C and C++ trapping" sh Tests/sanitizers.sh address
suite "chaos, every deed with every strategy" env ATTUNE_QUICK_TESTS=1 ATTUNE_CHAOS=whole \
  swift test --explicit-target-dependency-import-check error --filter ChaosTests
suite "installed trees" sh Tests/install.sh
suite "ABI of the headers" sh Tests/ABI/abidiff.sh
suite "Python package beside its peers" sh Tests/python/run.sh all .build-attune/wheel
suite "other languages" sh Tests/languages/run.sh "$lib" "$include"
suite "call-sequence fuzzer, 180 s" sh Tests/ABI/fuzz.sh 180
suite "examples, full" sh Tests/examples.sh 40
suite "bayesian in 40 trials finds what random search does in 120" python3 Tests/examples/reach.py --check 40 --seeds 10
suite "evolution and reinforce beat random search on the table of architectures" \
  env ATTUNE_LIB="$lib/libattune.so.0" PYTHONDONTWRITEBYTECODE=1 python3 Tests/nas/compare.py --check
finish
