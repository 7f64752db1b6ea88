"""libattune.ray: spaces, the searcher's duties, its state, and a cluster of processes that are killed."""

from __future__ import annotations

import copy
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
pytest.importorskip("ray.tune")

import libattune
from libattune import CategoricalDistribution, FloatDistribution, IntDistribution, TrialState
from libattune.ray import AttuneSearch
from libattune.ray.space import RaySpace
from ray import tune
from ray.tune.search import ConcurrencyLimiter, Searcher

SPACE = {"x": tune.uniform(0, 1), "net": {"n": tune.randint(1, 5), "act": tune.choice(["relu", "tanh"])}, "fixed": 7}


def test_every_kind_of_domain():
    space = RaySpace(
        {
            "a": tune.uniform(-1, 2), "b": tune.loguniform(1e-4, 1), "c": tune.quniform(0, 1, 0.25), "d": tune.randint(1, 5),
            "e": tune.lograndint(1, 65), "f": tune.qrandint(2, 10, 2), "g": tune.choice([None, 1, "x"]),
            "h": {"i": tune.choice([[1, 2], [3]])}, "j": 3,
        }
    )  # fmt: skip
    assert space.parameters == {
        "a": FloatDistribution(-1, 2),
        "b": FloatDistribution(1e-4, 1, log=True),
        "c": FloatDistribution(0, 1, step=0.25),
        "d": IntDistribution(1, 4),
        "e": IntDistribution(1, 64, log=True),
        "f": IntDistribution(2, 10, step=2),
        "g": CategoricalDistribution([None, 1, "x"]),
        "h/i": CategoricalDistribution(["0: [1, 2]", "1: [3]"]),
    }
    assert space.values({"h/i": "1: [3]", "d": 2}) == {"h/i": [3], "d": 2}
    assert space.params({"h": {"i": [1, 2]}, "d": 2, "j": 3}) == {"h/i": "0: [1, 2]", "d": 2}
    for refused in (tune.randn(0, 1), tune.sample_from(lambda: 1), tune.qloguniform(1e-2, 1, 1e-2)):
        with pytest.raises(ValueError, match="z is .* wanted tune.uniform"):
            RaySpace({"z": refused})
    with pytest.raises(ValueError, match='z is tune.grid_search, wanted tune.choice.*strategy="grid"'):
        RaySpace({"z": tune.grid_search([1, 2])})


def loss(config):
    return (config["x"] - 0.3) ** 2 + config["net"]["n"]


def run(search, count, at_once=1, first=0):
    """Has `count` trials evaluated, some at once."""
    waiting = []
    for i in range(first, first + count):
        waiting.append((f"t{i}", search.suggest(f"t{i}")))
        if len(waiting) == at_once:
            trial_id, config = waiting.pop(0)
            search.on_trial_complete(trial_id, {"loss": loss(config), "training_iteration": 1, "done": True})
    return waiting


def rows(search):
    return [(trial.params, trial.state, trial.values) for trial in search.study.trials]


def test_it_suggests_and_learns():
    search = AttuneSearch(SPACE, "loss", "min", seed=3)
    run(search, 25)
    assert search.study.best_value < 1.05 and set(search.study.best_params) == {"x", "net/n", "net/act"}
    assert search.suggest("more")["net"]["act"] in ("relu", "tanh")
    assert search.suggest("more") == search.suggest("more")
    search.on_trial_complete("stranger", {"loss": 1})
    assert len(search.study) == 26


def test_the_state_holds_what_runs(tmp_path, storage):
    for words in ({}, {"storage": storage}):
        straight = AttuneSearch(SPACE, "loss", "min", seed=3)
        run(straight, 12, at_once=1)
        search = AttuneSearch(SPACE, "loss", "min", seed=3, **words)
        run(search, 6)
        running = search.suggest("t6")
        search.save(str(tmp_path / "state"))
        search._study.close()
        again = AttuneSearch()
        again.restore(str(tmp_path / "state"))
        again.on_trial_complete("t6", {"loss": loss(running), "training_iteration": 1, "done": True})
        run(again, 5, first=7)
        assert rows(again) == rows(straight)
        assert [trial.attributes["ray:trial_id"] for trial in again.study.trials] == [f"t{i}" for i in range(12)]
    copied = copy.deepcopy(again if not words else straight)
    assert rows(copied) == rows(straight) and copied.study is not straight.study


def test_after_a_crash_a_storage_gives_no_trial_to_two(tmp_path, storage):
    program = f"""
import os
from libattune.ray import AttuneSearch
from ray import tune
search = AttuneSearch({{"x": tune.uniform(0, 1)}}, "loss", "min", seed=1, storage={storage!r})
for name in "abc":
    search.suggest(name)
search.on_trial_complete("a", {{"loss": 1.0, "done": True}})
search.save({str(tmp_path / "state")!r})
search.suggest("unsaved")
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", program], timeout=120, check=False)
    search = AttuneSearch()
    search.restore(str(tmp_path / "state"))
    for name in ("d", "e", "f"):
        search.suggest(name)
    for name in "bcdef":
        search.on_trial_complete(name, {"loss": 2.0, "done": True})
    found = {trial.attributes["ray:trial_id"]: trial.number for trial in search.study.trials}
    # The trial that was asked after the last save is asked again, for another of Tune's.
    assert found == {"a": 0, "b": 1, "c": 2, "d": 3, "e": 4, "f": 5}
    assert all(trial.state is TrialState.COMPLETE for trial in search.study.trials)


@pytest.mark.parametrize("kind", ["memory", "storage"])
def test_it_agrees_with_tune_where_the_driver_died_between_two_files_of_its_state(kind, tmp_path, storage):
    words = "" if kind == "memory" else f", storage={storage!r}"
    program = f"""
import os
from libattune.ray import AttuneSearch
from ray import tune
search = AttuneSearch({{"x": tune.uniform(0, 1)}}, "loss", "min", seed=1{words})
search.suggest("a")
search.save({str(tmp_path / "early")!r})
print(search.suggest("b")["x"], search.suggest("c")["x"], flush=True)
search.save({str(tmp_path / "late")!r})
os._exit(1)
"""
    asked = subprocess.run([sys.executable, "-c", program], timeout=120, check=False, stdout=subprocess.PIPE, text=True)
    b, c = (float(x) for x in asked.stdout.split())

    def restored(state, known):
        (tmp_path / "experiment_state-2026.json").write_text(json.dumps({"trial_data": [[name, ""] for name in known]}))
        search = AttuneSearch()
        search.restore(str(tmp_path / state))
        return search

    # Tune does not know the last one: it is the next that Tune asks for, also after another restart.
    search = restored("late", ["_a_", "_b_"])
    search.save(str(tmp_path / "again"))
    search = restored("again", ["_a_", "_b_"])
    assert search.suggest("d")["x"] == c
    if kind == "storage":
        # The searcher's file is from before two trials that Tune knows: they go on under their numbers.
        search.study.close()
        search = restored("early", ["_a_", "_b_", "_d_"])
    assert search.suggest("b")["x"] == b
    search.suggest("e")
    for name in "badbe":
        search.on_trial_complete(name, {"loss": 2.0, "done": True})
    found = [(trial.attributes["ray:trial_id"], trial.state.name) for trial in search.study.trials]
    assert found == [(name, "COMPLETE") for name in "abde"]


def test_how_trials_end():
    search = AttuneSearch(SPACE, "loss", "min", seed=1)
    for name in "abcde":
        search.suggest(name)
    for step in (1, 2, 3):
        search.on_trial_result("a", {"loss": 3.0 - step, "training_iteration": step})
    search.on_trial_complete("a", {"loss": -1.0, "training_iteration": 4, "done": True})
    search.on_trial_result("b", {"loss": 9.0, "training_iteration": 1})
    search.on_trial_complete("b", {"loss": 8.0, "training_iteration": 2})
    search.on_trial_complete("c", error=True)
    search.on_trial_complete("d", {"other": 1.0, "done": True})
    search.on_trial_complete("e", {"loss": float("nan"), "training_iteration": 4, "done": True})
    a, b, c, d, e = search.study.trials
    assert (a.state, a.value, a.intermediate_values) == (TrialState.COMPLETE, -1.0, {1: 2.0, 2: 1.0, 3: 0.0})
    assert b.state is TrialState.PRUNED and b.intermediate_values == {1: 9.0, 2: 8.0}
    assert (c.state, c.reason) == (TrialState.FAIL, "its worker failed")
    assert (d.state, d.reason) == (TrialState.FAIL, "no loss in its result")
    assert e.state is TrialState.FAIL and "NaN" in e.reason


def test_points_to_begin_with_and_other_words():
    points = [{"x": 0.25, "net": {"n": 2, "act": "tanh"}}, {"x": 0.5, "net": {"n": 1, "act": "relu"}}]
    search = AttuneSearch(SPACE, "loss", "min", points_to_evaluate=points)
    assert [search.suggest(name) for name in "ab"] == points
    search = AttuneSearch(SPACE, "loss", "min", points_to_evaluate=points, evaluated_rewards=[3.0, 1.0])
    assert search.study.best_value == 1.0 and len(search.study) == 2
    with pytest.raises(ValueError, match="evaluated_rewards has 1 numbers, wanted one for each of 2 points"):
        AttuneSearch(SPACE, "loss", "min", points_to_evaluate=points, evaluated_rewards=[3.0])
    search = AttuneSearch()
    with pytest.raises(RuntimeError, match="has not begun"):
        search.suggest("a")
    assert search.set_search_properties("loss", "max", SPACE) and search.study.directions == ["maximize"]
    search = AttuneSearch({"k": tune.choice([1, 2, 3])}, ["f", "g"], ["min", "max"], strategy="grid")
    for name in "abc":
        config = search.suggest(name)
        search.on_trial_complete(name, {"f": config["k"], "g": config["k"], "done": True})
    assert search.suggest("d") == Searcher.FINISHED
    assert len(search.study.best_trials) == 3


def test_concurrency_is_limited_by_rays_own():
    limited = ConcurrencyLimiter(AttuneSearch(SPACE, "loss", "min", seed=1), max_concurrent=2)
    first = limited.suggest("a"), limited.suggest("b")
    assert None not in first and limited.suggest("c") is None
    limited.on_trial_complete("a", {"loss": 1.0, "done": True})
    assert limited.suggest("c") is not None
    assert len(run(AttuneSearch(SPACE, "loss", "min", seed=1), 20, at_once=6)) == 5


def tuning(folder, *arguments, kill_after=None):
    """Runs ray_tuning.py; kills it, and what it started, after as many finished trials."""
    log = folder / "log"
    with open(log, "w") as out:
        process = subprocess.Popen(
            [sys.executable, str(pathlib.Path(__file__).with_name("ray_tuning.py")), str(folder), *arguments],
            stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 550
            while process.poll() is None:
                assert time.monotonic() < deadline, log.read_text()
                if kill_after is not None and finished(folder) >= kill_after and not saving(folder):
                    break
                time.sleep(0.2)
        finally:
            if process.poll() is None or kill_after is not None:
                for member in session(process.pid):
                    try:
                        os.kill(member, signal.SIGKILL)
                    except ProcessLookupError:
                        pass  # went with another
            process.wait()
    return process.returncode, log.read_text()


def session(leader):
    """The processes of a session."""
    members = []
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(path.name)) == leader:
                members.append(int(path.name))
        except ProcessLookupError:
            continue  # ended while we looked
    return members


def finished(folder):
    """How many trials the saved state of the experiment has as finished."""
    states = sorted((folder / "run").glob("experiment_state-*.json"))
    if not states:
        return 0
    try:
        saved = json.loads(states[-1].read_text())["trial_data"]
    except ValueError:
        return 0  # being written
    return sum('"TERMINATED"' in (one if isinstance(one, str) else one[0]) for one in saved)


def saving(folder):
    """Whether Tune may be copying its state: killed between two files, it would not go on with as many trials."""
    newest = max((path.stat().st_mtime for path in (folder / "run").glob("*") if path.is_file()), default=0.0)
    return time.time() - newest < 0.3


@pytest.mark.parametrize("kind", ["memory", "storage"])
def test_a_cluster_whose_workers_and_driver_are_killed_loses_nothing(kind, tmp_path, storage):
    where = storage if kind == "storage" else "memory"
    if kind == "memory":
        status, log = tuning(tmp_path, "start", where)
    else:
        status, log = tuning(tmp_path, "start", where, kill_after=2)
        assert status == -signal.SIGKILL, log
        status, log = tuning(tmp_path, "restore", where)
    assert status == 0, log
    told = {words[1]: words[2:] for words in (line.split() for line in log.splitlines()) if words[:1] == ["RAY"]}
    kept = [words[1:] for words in (line.split() for line in log.splitlines()) if words[:1] == ["ATTUNE"]]
    assert len(told) == len(kept) == 8, log
    assert any((tmp_path / "killed").iterdir())
    for number, trial_id, x, value, state in kept:
        seen = f"trial {number} is {trial_id} {x} {value} {state}, Ray has {told.get(trial_id)}"
        assert state == "COMPLETE" and told.get(trial_id) == [x, value, "None"], f"{seen}\n{log}"


@pytest.mark.parametrize("max_failures", [2, 0])
def test_a_whole_node_is_killed_and_the_search_goes_on(max_failures, tmp_path, storage):
    status, log = tuning(tmp_path, "node", storage, str(max_failures))
    assert status == 0, log
    lines = [line.split() for line in log.splitlines()]
    told = {words[1]: words[2:] for words in lines if words[:1] == ["RAY"]}
    kept = [words[1:] for words in lines if words[:1] == ["ATTUNE"]]
    # The budget is spent, no more and no less, and each trial is one of Ray's.
    assert [int(number) for number, *_ in kept] == list(range(8)) and {words[1] for words in kept} == set(told), log
    (doomed,) = (path.name for path in (tmp_path / "killed").iterdir())
    steps = {path.name: {mark.name for mark in path.iterdir()} for path in (tmp_path / "ran").iterdir()}
    assert len(steps) == 3 and steps[doomed], steps
    survivors = set.union(*(marks for node, marks in steps.items() if node != doomed))
    lost = {mark.rsplit("-", 1)[0] for mark in steps[doomed]}
    assert len(lost) == 1
    for number, trial_id, x, value, state in kept:
        if trial_id in lost and not max_failures:
            assert state == "FAIL" and value == "None" and told[trial_id][0] == x and told[trial_id][2] != "None", log
        else:
            assert state == "COMPLETE" and told[trial_id] == [x, value, "None"], (number, log)
            assert f"{trial_id}-2" in survivors, "it ended on a node that lives"
    with libattune.Study.open(storage) as study:
        assert len(study) == 8 and not study.get_trials([TrialState.RUNNING, TrialState.WAITING])
        failed = study.get_trials([TrialState.FAIL])
        assert [trial.reason for trial in failed] == ([] if max_failures else ["its worker failed"])
