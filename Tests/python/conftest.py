"""What the tests share: a storage, a program run by another interpreter, and the count of the peers' own tests."""

from __future__ import annotations

import collections
import os
import subprocess
import sys
import textwrap

import pytest

#: The peers' own tests: what they are, and where they are run.
PEERS = {
    "scikit-learn's estimator checks": "test_sklearn.py::test_scikit_learns_estimator_checks",
    "scikit-learn's tests of its searches": "test_sklearn_own.py",
    "Optuna's suite for samplers": "test_optuna_own.py",
    "Hyperopt's tests of fmin": "test_hyperopt_own.py",
}


@pytest.fixture
def storage(tmp_path):
    """A file that keeps studies."""
    return str(tmp_path / "study.db")


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


def pytest_terminal_summary(terminalreporter):
    """Says how many of the peers' own tests passed, and why others did not run or are expected to fail."""
    for peer, where in PEERS.items():
        counts, reasons = collections.Counter(), collections.Counter()
        for outcome in ("passed", "failed", "error", "skipped", "xfailed", "xpassed"):
            for report in terminalreporter.stats.get(outcome, []):
                if where in report.nodeid:
                    counts[outcome] += 1
                    reasons[outcome, _reason(report)] += outcome in ("skipped", "xfailed", "xpassed")
        if not counts:
            continue
        terminalreporter.section(peer)
        terminalreporter.line(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
        for (outcome, reason), count in reasons.items():
            if count:
                terminalreporter.line(f"  {outcome} {count}: {reason}")
        module = sys.modules.get(where.partition(".py")[0])
        for name, reason in getattr(module, "LEFT_OUT", {}).items():
            terminalreporter.line(f"  not run: {name}: {reason}")


def _reason(report):
    if hasattr(report, "wasxfail"):
        return report.wasxfail.removeprefix("reason: ")
    return report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
