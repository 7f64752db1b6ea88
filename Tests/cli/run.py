#!/usr/bin/env python3
"""run.py [ATTUNE [PATTERN]]: tests the command `attune` from outside, as its users call it.

ATTUNE is the built program (default: the one in PATH); attune-worker lies beside it. PATTERN keeps the
tests whose name has it.
"""
import os
import shutil
import sys

import harness
import test_asktell  # noqa: F401
import test_deterministic  # noqa: F401
import test_duplicates  # noqa: F401
import test_errors  # noqa: F401
import test_failures  # noqa: F401
import test_files  # noqa: F401
import test_formats  # noqa: F401
import test_isolation  # noqa: F401
import test_pausing  # noqa: F401
import test_plugins  # noqa: F401
import test_replay  # noqa: F401
import test_report  # noqa: F401
import test_run  # noqa: F401
import test_stop_rules  # noqa: F401
import test_storage  # noqa: F401
import test_terminal  # noqa: F401

if __name__ == "__main__":
    program = sys.argv[1] if len(sys.argv) > 1 else shutil.which("attune")
    if not program or not os.access(program, os.X_OK):
        sys.exit(f"run.py: no program {program}, wanted the built attune")
    sys.exit(harness.main(os.path.abspath(program), sys.argv[2] if len(sys.argv) > 2 else ""))
