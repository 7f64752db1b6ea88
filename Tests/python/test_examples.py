"""The examples run, with few trials, and say what they found."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys

import libattune
import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "python" / "examples"


def run(name, *arguments):
    result = subprocess.run([sys.executable, str(EXAMPLES / name), *arguments], capture_output=True, text=True, timeout=900)
    assert result.returncode == 0, result.stderr
    return result.stdout


def needs(module):
    return pytest.mark.skipif(importlib.util.find_spec(module) is None, reason=f"no {module}")


def test_every_example_is_tested():
    tested = {
        "objective.py", "sklearn_search.py", "optuna_sampler.py", "hyperopt_fmin.py", "keras_search.py",
        "tensorflow_loop.py", "dask_cluster.py", "slurm_array.py",
    }  # fmt: skip
    assert {path.name for path in EXAMPLES.glob("*.py")} == tested


def test_objective(storage):
    first = run("objective.py", storage)
    assert first.startswith("60 trials") and "best: " in first
    assert run("objective.py", storage).startswith("120 trials")


@needs("sklearn")
@pytest.mark.parametrize("model", ["svc", "forest", "boosting", "mlp"])
def test_sklearn_search(model):
    table = run("sklearn_search.py", "--n-iter", "3", "--seeds", "1", "--models", model)
    assert table.splitlines()[-1].endswith(" of 1 |")


@needs("optuna")
def test_optuna_sampler():
    assert "'shape': 'bowl'" in run("optuna_sampler.py")


@needs("hyperopt")
def test_hyperopt_fmin():
    assert "case 2" in run("hyperopt_fmin.py")


@needs("keras")
def test_keras_search():
    assert "Total params" in run("keras_search.py", "3")


@needs("tensorflow")
def test_tensorflow_loop():
    assert run("tensorflow_loop.py", "2").startswith("2 trials, ")


@needs("distributed")
def test_dask_cluster():
    assert run("dask_cluster.py", "30").startswith("30 trials, best ")


def test_slurm_array(storage):
    environment = {**os.environ, "ATTUNE_STORAGE": storage, "ATTUNE_TRIALS": "30"}
    libattune.Study(storage=storage, study_name="study", seed=1).close()
    tasks = [
        subprocess.Popen(
            [sys.executable, str(EXAMPLES / "slurm_array.py")], env={**environment, "SLURM_ARRAY_TASK_ID": str(i)},
            stdout=subprocess.PIPE, text=True,
        )
        for i in range(3)
    ]  # fmt: skip
    told = [task.communicate(timeout=300)[0] for task in tasks]
    assert all(task.returncode == 0 for task in tasks) and all("task " in one for one in told)
    with libattune.Study.open(storage) as study:
        # As many as wanted, and what the others were at when that was reached.
        assert 30 <= len(study) <= 33 and study.best_value < 1


def test_the_manual_as_written():
    text = (EXAMPLES.parent / "README.md").read_text()
    blocks = text.split("```python\n")[1:]
    assert len(blocks) == 2
    for block in blocks:
        result = subprocess.run([sys.executable, "-c", block.split("```")[0]], capture_output=True, text=True, timeout=120)
        assert result.returncode == 0 and result.stdout, result.stderr
