"""Both programs on one study at the same time."""
import ast
import json
import os
import subprocess

import optuna

from harness import test
from stores import HERE, consistent, finish, on_each, python, sqlite, trials

SPACE = json.dumps({
    "x": {"type": "float", "low": -1, "high": 1},
    "lr": {"type": "float", "low": 1e-5, "high": 0.1, "log": True},
})
ASK = ["--space", SPACE, "--strategy", "random"]
ECHO = ["--", "sh", "-c", 'echo "$ATTUNE_PARAM_X"']


def starts(place, store, count, *more):
    return place.start(
        "run", *store.arguments(), *ASK, "--load-if-exists", "-n", str(count), *more, *ECHO)


@on_each
def processes_of_both_lose_and_double_nothing(place, store):
    starts(place, store, 1).wait(timeout=120)
    # Who runs beside Optuna does not know what it needs: each process counts its own trials.
    mine = [starts(place, store, 30, "--n-jobs", "2") for _ in range(3)]
    theirs = [
        python(os.path.join(HERE, "worker.py"), store.url, "s", "20") for _ in range(3)]
    for process in mine:
        finish(process)
    told = [pair for process in theirs for pair in ast.literal_eval(finish(process))]
    found = consistent(store.load())
    assert len(found) == 1 + 3 * 30 + 3 * 20, len(found)
    assert len(told) == len(dict(told)) == 60
    for number, x in told:
        assert found[number].value == x and found[number].params["x"] == x
    for trial in found:
        assert trial.state.name == "COMPLETE" and trial.value == trial.params["x"], trial
        assert set(trial.params) == {"x", "lr"}
    seen = trials(place, store)
    assert [t["number"] for t in seen] == list(range(len(found)))
    assert [t["value"] for t in seen] == [t.value for t in found]


@on_each
def waiting_trials_are_popped_once(place, store):
    starts(place, store, 1).wait(timeout=120)
    study = store.load()
    for index in range(30):
        study.enqueue_trial({"x": index / 100, "lr": 0.01})
    mine = [starts(place, store, 10) for _ in range(2)]
    theirs = python(os.path.join(HERE, "worker.py"), store.url, "s", "10")
    for process in mine:
        finish(process)
    finish(theirs)
    found = consistent(store.load())
    assert len(found) == 31, len(found)
    assert [t.value for t in found[1:]] == [index / 100 for index in range(30)]


@test
def many_processes_start_at_once_on_one_file(place):
    store = sqlite(place)
    processes = [starts(place, store, 2, "--seed", "1") for _ in range(32)]
    for process in processes:
        finish(process, timeout=600)
    found = consistent(store.load())
    assert len(found) == 64 and all(t.state.name == "COMPLETE" for t in found)
