"""Spaces and objectives that the tests share."""
LINE = '{"x": {"type": "float", "low": 0, "high": 6}}'
COS = ["run", "--native", "libm.so.6", "--call", "f64 cos(f64 x)", "--space", LINE]
MIXED = (
    '{"lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": true},'
    ' "depth": {"type": "int", "low": 1, "high": 8},'
    ' "kernel": {"type": "categorical", "choices": ["rbf", "poly", null, true, 3, 2.5]},'
    ' "degree": {"type": "int", "low": 2, "high": 5, "when": {"kernel": ["poly"]}}}'
)
# Prints (x - 1)^2; fails above 5.
PARABOLA = """#!/bin/sh
read line
x=$ATTUNE_PARAM_X
awk -v x="$x" 'BEGIN { if (x > 5) { print "too big" > "/dev/stderr"; exit 3 } printf "cost=%.17g\\n", (x - 1) ^ 2 }'
"""
