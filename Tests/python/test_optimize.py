"""`Study.optimize`: exceptions, pruning, callbacks, threads, ends."""

from __future__ import annotations

import threading
import time

import libattune
import pytest
from libattune import FloatDistribution, Study, TrialPruned, TrialState

LINE = {"x": FloatDistribution(-10, 10)}


def square(trial):
    return (trial["x"] - 2) ** 2


def test_it_finds_the_minimum():
    with Study(LINE, seed=1) as study:
        assert study.optimize(square, n_trials=30) == "n_trials"
        assert study.best_value < 1e-3
        assert abs(study.best_params["x"] - 2) < 0.1


def test_an_exception_keeps_its_traceback_and_is_raised():
    class Mine(Exception):
        pass

    def deep(number):
        raise Mine(f"at {number}")

    def objective(trial):
        if trial.number == 2:
            deep(trial.number)
        return trial["x"]

    with Study(LINE, seed=1) as study:
        with pytest.raises(Mine, match="at 2") as caught:
            study.optimize(objective, n_trials=10)
        assert caught.traceback[-1].name == "deep"
        failed = study.trials[2]
        assert failed.state is TrialState.FAIL and failed.reason == "Mine: at 2"
        assert "in deep" in failed.traceback and failed.traceback.rstrip().endswith("Mine: at 2")
        assert len(study) == 3


def test_exceptions_to_catch_let_the_run_go_on():
    def objective(trial):
        if trial.number % 2:
            raise ZeroDivisionError("odd \0 one")
        return trial["x"]

    for catch in (ArithmeticError, (KeyError, ZeroDivisionError)):
        with Study(LINE, seed=1) as study:
            assert study.optimize(objective, n_trials=6, catch=catch) == "n_trials"
            assert [trial.state for trial in study.trials] == [TrialState.COMPLETE, TrialState.FAIL] * 3
            assert all("ZeroDivisionError" in trial.traceback for trial in study.get_trials([TrialState.FAIL]))


@pytest.mark.parametrize("result, kind", [(None, TypeError), ("0.5", TypeError), ((1, 2), ValueError), (object(), TypeError)])
def test_a_result_that_is_no_number_is_an_error(result, kind):
    with Study(LINE) as study:
        with pytest.raises(kind, match="the objective returned"):
            study.optimize(lambda trial: result, n_trials=3)
        assert [trial.state for trial in study.trials] == [TrialState.FAIL]


def test_max_failures_ends_the_run():
    def objective(trial):
        raise ValueError("always")

    with Study(LINE) as study:
        with pytest.raises(libattune.ObjectiveError, match="always"):
            study.optimize(objective, n_trials=50, catch=ValueError, max_failures=3)
        assert len(study) == 4


def test_pruned_trials_are_pruned():
    def objective(trial):
        for step in range(10):
            trial.report(trial["x"] ** 2 * (step + 1), step)
            if trial.should_prune():
                raise TrialPruned
        return trial["x"] ** 2

    with Study(LINE, seed=3, strategy="random", pruner="median") as study:
        study.optimize(objective, n_trials=40)
        pruned = study.get_trials([TrialState.PRUNED])
        assert 0 < len(pruned) < 40
        assert all(0 < len(trial.intermediate_values) for trial in pruned)


def test_callbacks_see_each_trial_and_may_stop():
    seen = []

    def callback(study, trial):
        seen.append((trial.number, trial.state, trial.value, study.best_value))
        if trial.number == 4:
            study.stop()

    with Study(LINE, seed=1) as study:
        assert study.optimize(square, n_trials=100, callbacks=[callback]) == "stopped"
        assert [number for number, *_ in seen] == [0, 1, 2, 3, 4]
        assert all(value == study.trials[number].value for number, _, value, _ in seen)


def test_an_exception_of_a_callback_is_raised():
    def callback(study, trial):
        raise KeyError("callback")

    with Study(LINE, seed=1) as study:
        with pytest.raises(KeyError, match="callback"):
            study.optimize(square, n_trials=100, callbacks=[callback])
        assert len(study) == 1
        study.optimize(square, n_trials=1)  # the callback is gone


@pytest.mark.parametrize("n_jobs", [2, 4, -1])
def test_threads_run_objectives_at_once(n_jobs):
    names, seen, inside = set(), [], []

    def objective(trial):
        inside.append(trial.number)
        names.add(threading.get_ident())
        time.sleep(0.002)
        return trial["x"]

    with Study(LINE, seed=1, strategy="random") as study:
        study.optimize(objective, n_trials=60, n_jobs=n_jobs, callbacks=[lambda _, trial: seen.append(trial.number)])
        assert sorted(seen) == sorted(inside) == list(range(60))
        assert len(study.get_trials([TrialState.COMPLETE])) == 60
        assert n_jobs == -1 or len(names) == n_jobs


def test_an_exception_of_one_thread_ends_all():
    def objective(trial):
        if trial.number == 7:
            raise RuntimeError("seven")
        return trial["x"]

    with Study(LINE, seed=1, strategy="random") as study:
        with pytest.raises(RuntimeError, match="seven"):
            study.optimize(objective, n_trials=1000, n_jobs=3)
        assert len(study) < 1000


def test_timeout_and_stop_inside():
    def objective(trial):
        time.sleep(0.01)
        return trial["x"]

    with Study(LINE, seed=1, strategy="random") as study:
        begun = time.monotonic()
        assert study.optimize(objective, timeout=0.3) == "timeout"
        assert time.monotonic() - begun < 5

    with Study(LINE, seed=1) as study:
        def stopping(trial):
            study.stop()
            assert trial.should_stop
            return trial["x"]

        assert study.optimize(stopping, n_trials=10) == "stopped"
        assert len(study) == 1


def test_a_trial_outlives_its_objective_as_data():
    kept = []

    def objective(trial):
        kept.append(trial)
        trial.suggest_float("y", 0, 1)
        return 1.0

    for space in (None, {"y": FloatDistribution(0, 1)}):
        kept.clear()
        with Study(space, seed=1) as study:
            study.optimize(objective, n_trials=2)
            assert kept[1].params == study.trials[1].params != {}
            assert kept[1].seed == study.seed or kept[1].number == 1
            with pytest.raises(libattune.InvalidStateError, match="over"):
                kept[1].report(1.0, 1)
            assert kept[1].should_stop


def test_a_run_inside_a_run_is_refused_and_another_study_is_not():
    with Study(LINE, seed=1) as outer:
        def objective(trial):
            with pytest.raises(libattune.InvalidStateError):
                outer.optimize(square, n_trials=1)
            with Study(LINE, seed=trial.number) as inner:
                inner.optimize(square, n_trials=3)
                return inner.best_value

        outer.optimize(objective, n_trials=3)
        assert len(outer) == 3


def test_the_progress_bar_is_on_standard_error(capfd):
    with Study(LINE, seed=1) as study:
        study.optimize(square, n_trials=5, show_progress_bar=True)
        best = study.best_trial
    shown = capfd.readouterr()
    assert shown.out == ""
    assert f"Best trial: {best.number}. Best value: {best.value:.6g}: 100%|" in shown.err and "5/5" in shown.err


def test_several_values():
    with Study(LINE, directions=["minimize", "maximize"], seed=1) as study:
        study.optimize(lambda trial: (trial["x"] ** 2, trial["x"]), n_trials=10)
        assert all(len(trial.values) == 2 for trial in study.trials)
        assert study.best_trials


def test_stop_rules_end_the_run():
    values = iter([5.0, 3.0, 4.0, 4.0, 4.0, 2.0])
    with Study(LINE, seed=1, strategy="random") as study:
        # No other limit is needed: this rule ends every run.
        assert study.optimize(lambda _: next(values), stop_when=["target=0", "no-improvement=3"]) == "no_improvement"
        assert len(study) == 5
        assert study.optimize(lambda _: 9.0, n_trials=10, stop_when="target=3") == "target"
        assert len(study) == 5
        with pytest.raises(libattune.InvalidArgumentError, match="no end"):
            study.optimize(lambda _: 9.0, stop_when="target=0")
        with pytest.raises(libattune.NotFoundError, match="no_improvement"):
            study.optimize(lambda _: 9.0, n_trials=1, stop_when=["no-improvment=3"])
    with Study(LINE, seed=1, directions=["minimize", "maximize"]) as study:
        with pytest.raises(libattune.NotSupportedError, match="2 objectives"):
            study.optimize(lambda trial: (trial["x"], 1.0), n_trials=1, stop_when="no-improvement=3")
