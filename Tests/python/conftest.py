"""What the tests share: a storage of any kind that the library has, and a program run by another interpreter."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import libattune
import pytest


@pytest.fixture
def storage(tmp_path):
    """A file that keeps studies."""
    return str(tmp_path / ("study.jsonl" if "jsonl" in libattune.build_info()["storages"] else "study.db"))


@pytest.fixture
def run_python(tmp_path):
    """Runs a program in an interpreter of its own; gives its result."""

    def run(program, *arguments, timeout=120, **options):
        path = tmp_path / "program.py"
        path.write_text(textwrap.dedent(program))
        environment = {**os.environ, **options.pop("env", {})}
        return subprocess.run(
            [sys.executable, *options.pop("flags", []), str(path), *arguments],
            capture_output=True, text=True, timeout=timeout, env=environment, **options,
        )  # fmt: skip

    return run
