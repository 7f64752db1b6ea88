#!/usr/bin/env python3
"""run.py ATTUNE [PATTERN]: tests studies that Attune and Optuna share. Run by a Python that has Optuna.

ATTUNE is the built program. With ATTUNE_TEST_POSTGRES (see postgres.sh) the tests run on PostgreSQL too. PATTERN
keeps the tests whose name has it.
"""
import os
import sys

sys.path[:0] = [
    os.path.dirname(os.path.abspath(__file__)),
    os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cli"),
]
import harness  # noqa: E402
import test_continue  # noqa: E402,F401
import test_fleet  # noqa: E402,F401
import test_importance  # noqa: E402,F401
import test_journal  # noqa: E402,F401
import test_load  # noqa: E402,F401
import test_postgres  # noqa: E402,F401
import test_together  # noqa: E402,F401
import test_workers  # noqa: E402,F401

if __name__ == "__main__":
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("run.py: wanted the built attune as the first argument")
    sys.exit(harness.main(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))
