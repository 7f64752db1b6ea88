"""What a study found, as objects, tables and documents."""

from __future__ import annotations

import csv
import datetime
import io
import json

import libattune
import pytest
from libattune import FloatDistribution, IntDistribution, Space, Study, TrialState

SPACE = {"x": FloatDistribution(0, 1), "k": ["a", "b"], "d": IntDistribution(1, 9, when={"k": ["b"]})}


def history(**settings):
    study = Study(SPACE, seed=1, strategy="random", **settings)
    for number in range(6):
        trial = study.ask()
        trial.set_attribute("even", number % 2 == 0)
        trial.report(0.5 if len(study.directions) == 1 else [0.5, 0.5], step=number)
        if number == 4:
            study.tell(trial, state=TrialState.FAIL, reason="why")
        elif number < 4:
            study.tell(trial, [float(number)] * len(study.directions))
    return study


def test_frozen_trials_have_everything():
    with history() as study:
        first, failed, running = study.trials[0], study.trials[4], study.trials[5]
        assert first.value == 0 and first.state.is_finished and not running.state.is_finished
        assert isinstance(first.datetime_start, datetime.datetime) and first.duration >= datetime.timedelta(0)
        assert first.user_attrs == {"even": True} and first.intermediate_values == {0: 0.5}
        assert failed.reason == "why" and failed.value is None and failed.traceback is None
        assert running.duration is None
        assert [trial.number for trial in study.get_trials([TrialState.FAIL, TrialState.RUNNING])] == [4, 5]
        assert study.get_trials([]) == []


def test_the_dataframe_has_optunas_columns():
    pandas = pytest.importorskip("pandas")
    with history() as study:
        frame = study.trials_dataframe()
        header = next(csv.reader(io.StringIO(study.to_csv())))
        assert list(frame.columns) == header
        assert header[:5] == ["number", "value", "datetime_start", "datetime_complete", "duration"]
        assert frame["state"].tolist() == ["COMPLETE"] * 4 + ["FAIL", "RUNNING"]
        assert frame["value"].isna().tolist() == [False] * 4 + [True] * 2
        assert pandas.api.types.is_datetime64_any_dtype(frame["datetime_start"])
    with history(directions=["minimize", "maximize"]) as study:
        assert list(study.trials_dataframe().columns)[:3] == ["number", "values_0", "values_1"]
    with Study(SPACE) as study:
        assert len(study.trials_dataframe()) == 0


def test_importances_are_shares_the_largest_first():
    with Study({"x": FloatDistribution(0, 1), "y": FloatDistribution(0, 1)}, seed=1, strategy="random") as study:
        with pytest.raises(libattune.NotFoundError, match="two"):
            study.param_importances()
        study.optimize(lambda trial: (trial.params["y"] - 0.5) ** 2 + 0.001 * trial.params["x"], n_trials=100)
        importances = study.param_importances()
        assert list(importances) == ["y", "x"] and importances["y"] > 0.8
        assert sum(importances.values()) == pytest.approx(1)
        variances = study.param_importances("fanova")
        assert list(variances) == ["y", "x"] and variances["y"] > 0.8
        with pytest.raises(ValueError, match='method is "anova".*wanted ped-anova or fanova'):
            study.param_importances("anova")


def test_a_finite_space_ends_explored_and_known_values_are_reused():
    space, seen = {"a": ["x", "y"], "b": IntDistribution(1, 3)}, []

    def objective(trial):
        seen.append(tuple(trial.params.values()))
        return float(trial.params["b"])

    with Study(space, seed=1, duplicates="avoid") as study:
        assert study.optimize(objective, n_trials=50) == "exhausted"
        assert len(seen) == len(set(seen)) == 6
    seen.clear()
    with Study(space, seed=1, strategy="random", duplicates="reuse") as study:
        assert study.optimize(objective, n_trials=40) == "n_trials"
        assert len(seen) == len(set(seen)) == 6
        assert all(trial.value == trial.params["b"] for trial in study.trials)
    with pytest.raises(libattune.AttuneError, match="allow, avoid, reuse"):
        Study(space, duplicates="never")


def test_a_study_is_a_document():
    with history() as study, Study.from_json(study.to_json(), study_name="again") as again:
        assert again.study_name == "again"
        assert [trial.params for trial in again.trials] == [trial.params for trial in study.trials]
        assert json.loads(study.to_json())["trials"][4]["reason"] == "why"
        assert again.ask().params == study.ask().params


def test_no_complete_trial_is_no_best_one():
    with Study(SPACE, study_name="young") as study:
        assert study.best_trials == []
        with pytest.raises(RuntimeError, match='"young"'):
            study.best_params  # noqa: B018


def test_a_space_is_read_and_written():
    space = Space(SPACE)
    assert Space(space.to_json()) == space == Space(space) and len(space) == 3
    assert space.parameters["d"].when == {"k": ["b"]}
    assert Space(space.parameters) == space
    assert eval(repr(space)) == space
    with Study(space) as study:
        assert study.space == space
