#!/bin/sh
# demo.sh: tunes the support vector machine of examples-c/svm on the UCI breast cancer data, by the default strategy and
# by random search with three times its trials.
set -eu
echo
echo "Tuning a support vector machine (libsvm, a C plugin) on the UCI breast cancer data:"
echo "kernel, C, gamma and degree, by 5-fold cross-validated error."
echo
echo "\$ attune run examples-c/svm/svm.attune.so --n-trials 40 --seed 7"
attune run examples-c/svm/svm.attune.so --n-trials 40 --seed 7
echo
echo "Random search beside it:"
echo "\$ attune run examples-c/svm/svm.attune.so --n-trials 120 --seed 7 --strategy random"
exec attune run examples-c/svm/svm.attune.so --n-trials 120 --seed 7 --strategy random --progress none
