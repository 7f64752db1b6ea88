#!/bin/sh
# demo.sh: tunes the support vector machine of examples-c/svm on the UCI breast cancer data, by the default strategy and
# by random search with three times its trials.
set -eu
# A file of the demo's own: without it the studies would lie in study.db in this folder.
studies=.build-attune/demo.db
rm -f "$studies" "$studies-wal" "$studies-shm"
echo
echo "Tuning a support vector machine (libsvm, a C plugin) on the UCI breast cancer data:"
echo "kernel, C, gamma and degree, by 5-fold cross-validated error."
echo
echo "\$ attune run examples-c/svm/svm.attune.so --n-trials 40 --seed 1 --storage $studies"
attune run examples-c/svm/svm.attune.so --n-trials 40 --seed 1 --storage "$studies"
echo
echo "Random search beside it:"
echo "\$ attune run examples-c/svm/svm.attune.so --n-trials 120 --seed 1 --storage $studies --strategy random"
attune run examples-c/svm/svm.attune.so --n-trials 120 --seed 1 --storage "$studies" --strategy random --progress none 2>&1
echo
echo "Both studies are kept in one file, which Optuna and its dashboard open as well:"
echo "\$ attune studies --storage $studies"
exec attune studies --storage "$studies"
