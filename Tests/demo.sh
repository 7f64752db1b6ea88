#!/bin/sh
# demo.sh: tunes the support vector machine of examples-c/svm on the UCI breast cancer data.
set -eu
echo
echo "Tuning a support vector machine (libsvm, a C plugin) on the UCI breast cancer data:"
echo "kernel, C, gamma and degree, by 5-fold cross-validated error."
echo
echo "\$ attune run examples-c/svm/svm.attune.so --n-trials 60 --seed 7"
exec attune run examples-c/svm/svm.attune.so --n-trials 60 --seed 7
