"""Ctrl-C: a run ends, the study stays, and no interrupt is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from libattune import FloatDistribution, Study

LINE = {"x": FloatDistribution(-10, 10)}


def start(*arguments, **options):
    """An interpreter that SIGINT reaches, also where this one runs in the background, which ignores it."""
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options,
    )  # fmt: skip


INTERRUPTED = """
    import libattune, sys, threading, time
    study = libattune.Study({"x": libattune.FloatDistribution(0, 1)}, seed=1, strategy=sys.argv[2])
    begun = []
    def objective(trial):
        if trial.number == 2: print("ready", flush=True)
        if trial.number >= 2:
            for _ in range(1000):
                time.sleep(float(sys.argv[3]))
                if trial.should_stop: break
        return trial["x"]
    try:
        study.optimize(objective, n_trials=10**6, n_jobs=int(sys.argv[1]))
    except KeyboardInterrupt:
        print("interrupted", sorted({trial.state.name for trial in study.trials}), flush=True)
    study.optimize(lambda trial: trial["x"], n_trials=1)
    print("and on", flush=True)
    """


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_ctrl_c_ends_the_run_and_keeps_the_study(tmp_path, n_jobs):
    program = tmp_path / "interrupted.py"
    program.write_text(textwrap.dedent(INTERRUPTED))
    process = start(str(program), str(n_jobs), "random", "0.05", stderr=subprocess.PIPE)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    # One thread is interrupted inside its objective, whose trial is then FAIL; others see should_stop.
    states = "['COMPLETE', 'FAIL']" if n_jobs == 1 else "['COMPLETE']"
    assert out == f"interrupted {states}\nand on\n"
    assert err == ""


def test_ctrl_c_between_quick_trials_is_never_lost(tmp_path):
    program = tmp_path / "quick.py"
    program.write_text(
        "import libattune\n"
        "study = libattune.Study({'x': libattune.FloatDistribution(0, 1)}, strategy='random')\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    study.optimize(lambda trial: 1.0, n_trials=10**8)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    for round_ in range(8):
        process = start(str(program), stderr=subprocess.PIPE)
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.013 * round_)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (out, err, process.returncode) == ("interrupted\n", "", 0)


@pytest.mark.parametrize("delay", [0.0, 0.0005, 0.002, 0.005, 0.01, 0.02])
@pytest.mark.parametrize("objective", ["lambda trial: time.sleep(0.01) or 1.0", "Objective.command(['sh', '-c', 'sleep 0.1; echo 1'])"])
def test_ctrl_c_while_a_run_begins(tmp_path, delay, objective):
    program = tmp_path / "begins.py"
    program.write_text(
        "import os, signal, sys, threading, time\n"
        "from libattune import Objective, Study\n"
        "study = Study({'x': [1, 2, 3]}, strategy='random')\n"
        "study.ask()\n"
        f"objective = {objective}\n"
        f"timer = threading.Timer({delay}, os.kill, (os.getpid(), signal.SIGINT))\n"
        "try:\n"
        "    timer.start()\n"
        "    study.optimize(objective, n_trials=10**6)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    process = start(str(program), stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == ("interrupted\n", "", 0)


def test_ctrl_c_while_a_command_runs(tmp_path):
    program = tmp_path / "command.py"
    program.write_text(
        "import libattune\n"
        "study = libattune.Study({'x': [1, 2, 3]}, strategy='random')\n"
        "print('ready', flush=True)\n"
        "try:\n"
        "    study.optimize(libattune.Objective.command(['sh', '-c', 'sleep 0.2; echo {x}']), n_trials=1000)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted', flush=True)\n"
    )
    process = start(str(program))
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[0] == "interrupted\n"


def test_a_handler_of_ones_own_stays():
    calls = []
    before = signal.signal(signal.SIGINT, lambda *_: calls.append(1))
    try:
        with Study(LINE, strategy="random") as study:
            study.optimize(lambda trial: os.kill(os.getpid(), signal.SIGINT) or 1.0, n_trials=2)
            assert len(calls) == 2 and len(study) == 2
    finally:
        signal.signal(signal.SIGINT, before)
    with Study(LINE, strategy="random") as study:
        study.optimize(lambda trial: 1.0, n_trials=2)
    assert signal.getsignal(signal.SIGINT) is before
