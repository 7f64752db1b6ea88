"""Bad input raises the exception that Python has for it, with the engine's message."""

from __future__ import annotations

import copy
import pickle

import libattune
import pytest
from libattune import FloatDistribution, IntDistribution, Study, TrialState

LINE = {"x": FloatDistribution(0, 1)}


@pytest.mark.parametrize(
    "kind, text, make",
    [
        (ValueError, "low", lambda: Study({"x": FloatDistribution(2, 1)})),
        (ValueError, "parameter \"x\": low", lambda: Study({"x": FloatDistribution(float("nan"), 1)})),
        (ValueError, "log", lambda: Study({"x": IntDistribution(0, 9, log=True)})),
        (TypeError, "space.x", lambda: Study({"x": 3})),
        (TypeError, "name", lambda: Study({3: FloatDistribution(0, 1)})),
        (TypeError, "space", lambda: Study(3)),
        (TypeError, "wanted None, bool", lambda: Study({"x": [object()]})),
        (ValueError, "", lambda: Study("{")),
        (ValueError, "direction", lambda: Study(LINE, direction="up")),
        (ValueError, "both", lambda: Study(LINE, direction="minimize", directions=["minimize"])),
        (KeyError, "baysian", lambda: Study(LINE, strategy="baysian")),
        (ValueError, "n_startup", lambda: Study(LINE, options={"n_startup": 3})),
        (ValueError, "seed", lambda: Study(LINE, seed=2**64)),
        (ValueError, "seed", lambda: Study(LINE, seed=1.5)),
        (KeyError, "medan", lambda: Study(LINE, pruner="medan")),
        (TypeError, "storage", lambda: Study(LINE, storage=3)),
        (ValueError, "NUL", lambda: Study(LINE, study_name="a\0b")),
        (ValueError, "n_jobs", lambda: Study(LINE).optimize(len, n_trials=1, n_jobs=0)),
        (ValueError, "timeout", lambda: Study(LINE).optimize(len, timeout=-1)),
        (ValueError, "no end", lambda: Study(LINE).optimize(len)),
        (TypeError, "objective", lambda: Study(LINE).optimize(3, n_trials=1)),
        (ValueError, "level", lambda: libattune.set_log_level("loud")),
    ],
)
def test_bad_arguments(kind, text, make):
    with pytest.raises(kind) as caught:
        make()
    assert text in str(caught.value)


def test_bad_calls_of_a_trial():
    with Study({"x": FloatDistribution(0, 1), "k": ["a", "b"], "d": IntDistribution(1, 2, when={"k": ["b"]})}, seed=1) as study:
        study.enqueue_trial({"k": "a"})
        trial = study.ask()
        with pytest.raises(KeyError, match="y"):
            trial.suggest_float("y", 0, 1)
        with pytest.raises(KeyError):
            trial["y"]
        with pytest.raises(ValueError, match="x"):
            trial.suggest_float("x", 0, 2)
        with pytest.raises(ValueError, match="declared"):
            trial.suggest_int("x", 0, 1)
        with pytest.raises(libattune.InactiveError, match="d"):
            trial.suggest_int("d", 1, 2)
        with pytest.raises(TypeError):
            trial.suggest_int("x", 0.5, 1)
        with pytest.raises(ValueError, match="step"):
            trial.report(1.0, -1)
        with pytest.raises(ValueError):
            trial.report("high", 1)
        with pytest.raises(TypeError, match="wanted None"):
            trial.set_attribute("key", object())
        with pytest.raises(TypeError, match="number"):
            study.tell(trial, "0.5")
        with pytest.raises(ValueError, match="wanted a number"):
            study.tell(trial)
        with pytest.raises(ValueError, match="without"):
            study.tell(trial, 1.0, TrialState.FAIL)
        with pytest.raises(ValueError, match="WAITING"):
            study.tell(trial, state=TrialState.WAITING)
        study.tell(trial, 0.5)
        with pytest.raises(libattune.InvalidStateError, match="COMPLETE"):
            study.tell(trial, 0.5)
        with pytest.raises(RuntimeError):
            study.tell(0, 0.5)
        with pytest.raises(KeyError):
            study.tell(99, 0.5)


def test_the_trial_of_another_study_is_refused():
    with Study(LINE) as one, Study(LINE) as other:
        with pytest.raises(ValueError):
            other.tell(one.ask(), 1.0)


def test_a_closed_study_says_so():
    study = Study(LINE, study_name="gone")
    trial = study.ask()
    study.close()
    study.close()
    for use in (study.ask, lambda: study.tell(trial, 1.0), lambda: study.trials, lambda: study.best_trial,
                lambda: study.optimize(len, n_trials=1), study.stop, lambda: len(study), study.to_json):  # fmt: skip
        with pytest.raises(libattune.InvalidStateError, match='"gone" is closed'):
            use()
    assert 0 <= trial["x"] <= 1


def test_a_finite_space_ends():
    with Study({"x": IntDistribution(1, 3)}, strategy="grid") as study:
        assert sorted(study.ask()["x"] for _ in range(3)) == [1, 2, 3]
        with pytest.raises(libattune.ExhaustedError, match="grid"):
            study.ask()
        with pytest.raises(libattune.ExhaustedError):
            study.ask_batch(2)


def test_errors_are_pickled_and_studies_are_not():
    error = libattune.NotFoundError("no x", "params.x", 3)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.subject, again.user_code) == (type(error), "no x", "params.x", 3)
    with Study(LINE) as study:
        for thing in (study, study.ask()):
            with pytest.raises(TypeError, match="pickled"):
                pickle.dumps(thing)
            with pytest.raises(TypeError):
                copy.deepcopy(thing)


def test_every_status_has_its_exception():
    from libattune.errors import BY_STATUS

    assert sorted(BY_STATUS) == list(range(-17, 0))
