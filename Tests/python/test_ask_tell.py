"""Asking and telling, with a declared space and without."""

from __future__ import annotations

import json
import math
import threading

import libattune
import pytest
from libattune import CategoricalDistribution, FixedDistribution, FloatDistribution, IntDistribution, Study, TrialState

MIXED = {
    "lr": FloatDistribution(1e-5, 0.1, log=True),
    "layers": IntDistribution(1, 8),
    "kernel": CategoricalDistribution([None, True, 3, 2.5, "rbf"]),
    "degree": IntDistribution(2, 5, when={"kernel": ["rbf"]}),
    "momentum": FloatDistribution(0, 1, step=0.25),
    "tol": FixedDistribution("tight"),
}


def test_a_trial_has_all_active_parameters_in_their_own_types():
    with Study(MIXED, strategy="random", seed=1) as study:
        kernels = set()
        for number in range(100):
            trial = study.ask()
            params = trial.params
            assert trial.number == number
            assert isinstance(params["lr"], float) and 1e-5 <= params["lr"] <= 0.1
            assert type(params["layers"]) is int and 1 <= params["layers"] <= 8
            assert params["momentum"] in (0, 0.25, 0.5, 0.75, 1)
            assert params["tol"] == "tight"
            assert ("degree" in params) == (params["kernel"] == "rbf")
            kernels.add((type(params["kernel"]), params["kernel"]))
            assert study.tell(trial, params["lr"]) is TrialState.COMPLETE
        assert kernels == {(type(one), one) for one in MIXED["kernel"].choices}
        assert [trial.params for trial in study.trials][-1] == params


def test_the_numbers_of_the_fast_path_are_those_of_the_json():
    with Study(MIXED, seed=3, strategy="random") as study:
        for _ in range(50):
            trial = study.ask()
            assert trial.params == study._trial(trial._handle, owned=False).params


def test_ints_beyond_a_double_and_conditional_fixed_values_are_exact():
    space = {
        "big": IntDistribution(2**53, 2**62),
        "on": [False, True],
        "extra": FixedDistribution(7, when={"on": [True]}),
    }
    with Study(space, strategy="random", seed=5) as study:
        seen = set()
        for _ in range(30):
            trial = study.ask()
            assert trial.params == study.trials[trial.number].params
            assert ("extra" in trial.params) is trial.params["on"]
            seen.add(trial.params["big"] % 2)
        assert seen == {0, 1}


def test_the_same_seed_gives_the_same_trials():
    def run(seed):
        with Study(MIXED, seed=seed) as study:
            study.optimize(lambda trial: trial.params["lr"] * trial.params["layers"], n_trials=15)
            return [(trial.params, trial.values) for trial in study.trials]

    assert run(7) == run(7) != run(8)
    with Study(MIXED, seed=2**64 - 1) as study:
        assert study.seed == 2**64 - 1


def test_a_batch_is_as_many_single_asks():
    with Study(MIXED, seed=1, strategy="random") as one, Study(MIXED, seed=1, strategy="random") as other:
        batch = one.ask_batch(20)
        assert [trial.params for trial in batch] == [other.ask().params for _ in range(20)]
        assert [trial.seed for trial in batch][3] == one.resume_trial(3).seed


def test_define_by_run_discovers_the_space():
    with Study(seed=1) as study:
        for _ in range(20):
            trial = study.ask()
            assert trial.params == {}
            kernel = trial.suggest_categorical("kernel", ["rbf", "poly", None])
            degree = trial.suggest_int("degree", 2, 8, step=2) if kernel == "poly" else 0
            c = trial.suggest_float("C", 1e-3, 1e3, log=True)
            assert trial.suggest_float("C", 1e-3, 1e3, log=True) == c
            assert trial.params["kernel"] == kernel and trial["C"] == c
            study.tell(trial, degree + c)
        assert set(study.space.parameters) == {"kernel", "degree", "C"}
        assert study.trials[-1].params == trial.params


def test_values_of_numpy_are_numbers():
    numpy = pytest.importorskip("numpy")
    space = {"x": FloatDistribution(numpy.float32(0), numpy.int64(1)), "n": IntDistribution(numpy.int8(1), numpy.uint8(9)),
             "c": CategoricalDistribution(numpy.array([1, 2]))}  # fmt: skip
    with Study(space, directions=["minimize", "maximize"], seed=numpy.int64(4)) as study:
        trial = study.ask()
        trial.report(numpy.array([0.5, 1.5]), step=numpy.int32(3))
        trial.set_attribute("shape", numpy.array([[1, 2]]))
        trial.set_attribute("kept", numpy.bool_(True))
        study.tell(trial, numpy.array([1.0, 2.0], dtype=numpy.float32))
        study.enqueue_trial({"x": numpy.float64(0.25), "n": numpy.int64(3), "c": numpy.int32(2)})
        assert study.ask().params == {"x": 0.25, "n": 3, "c": 2}
        first = study.trials[0]
        assert first.values == [1, 2] and first.attributes == {"shape": [[1, 2]], "kept": True}
        assert first.intermediate_values == {3: [0.5, 1.5]}
    with Study({"x": FloatDistribution(0, 1)}) as study:
        assert study.tell(study.ask(), numpy.float32(0.5)) is TrialState.COMPLETE
        study.optimize(lambda trial: numpy.float64(trial["x"]), n_trials=2)
        study.optimize(lambda trial: numpy.array([trial["x"]]), n_trials=1)
        assert len(study.get_trials([TrialState.COMPLETE])) == 4


def test_every_end_of_a_trial_is_told():
    with Study({"x": FloatDistribution(0, 1)}, seed=1) as study:
        assert study.tell(study.ask(), float("nan")) is TrialState.FAIL
        assert study.tell(study.ask(), math.inf) is TrialState.COMPLETE
        assert study.tell(study.ask(), state=TrialState.PRUNED) is TrialState.PRUNED
        assert study.tell(study.ask(), state=TrialState.FAIL, reason="no disk") is TrialState.FAIL
        number = study.ask().number
        assert study.tell(number, 3) is TrialState.COMPLETE
        assert [trial.state.name for trial in study.trials] == ["FAIL", "COMPLETE", "PRUNED", "FAIL", "COMPLETE"]
        assert study.trials[3].reason == "no disk"
        assert study.trials[1].value == math.inf
        assert study.best_value == 3


def test_enqueued_and_added_trials():
    with Study(MIXED, seed=1) as study:
        study.enqueue_trial({"lr": 0.05, "kernel": None})
        trial = study.ask()
        assert trial.params["lr"] == 0.05 and trial.params["kernel"] is None
        number = study.add_trial(
            {"lr": 0.01, "layers": 3, "kernel": "rbf", "degree": 2, "momentum": 0.5, "tol": "tight"}, 0.25,
            intermediate_values={1: 0.5}, attributes={"from": "elsewhere"}, constraints={"memory": -1.0},
        )  # fmt: skip
        assert study.best_trial.number == number
        assert study.best_trial.attributes == {"from": "elsewhere"}
        assert study.best_trial.constraints == {"memory": -1.0}


def test_constraints_decide_what_is_best():
    with Study({"x": FloatDistribution(0, 1)}, seed=1) as study:
        for value, excess in ((0.0, 1.0), (5.0, 0.0), (3.0, -2.0)):
            trial = study.ask()
            trial.set_constraint("excess", excess)
            study.tell(trial, value)
        assert study.best_trial.number == 2
        with pytest.raises(ValueError, match="NaN"):
            study.ask().set_constraint("excess", math.nan)


def test_gradients_are_given_by_name_or_in_order():
    space = {"x": FloatDistribution(0, 1), "c": CategoricalDistribution(["a", "b"]), "y": FloatDistribution(0, 1)}
    with Study(space, seed=1) as study:
        study.tell(study.ask(), 1.0, gradient={"y": 2.0, "x": 0.5})
        study.tell(study.ask(), 1.0, gradient=[0.25, math.nan, 4])
        study.optimize(lambda trial: trial.set_gradient({"x": 1}) or 0.5, n_trials=1)
        gradients = [trial["gradient"] for trial in json.loads(study.to_json())["trials"]]
        assert gradients[0][::2] == [0.5, 2] and gradients[1][::2] == [0.25, 4] and gradients[2][0] == 1
        with pytest.raises(ValueError, match="'z', wanted parameters: x, c, y"):
            study.ask().set_gradient({"z": 1})
        with pytest.raises(ValueError, match="n_gradient is 2, wanted 3"):
            study.tell(study.ask(), 1.0, gradient=[1, 2])


def test_several_directions_have_a_front():
    with Study({"x": FloatDistribution(0, 1)}, directions=["minimize", "maximize"], seed=2) as study:
        for values in ((1, 1), (2, 2), (3, 1)):
            study.tell(study.ask(), values)
        assert [trial.number for trial in study.best_trials] == [0, 1]
        with pytest.raises(libattune.InvalidStateError, match="2 directions"):
            study.best_trial  # noqa: B018
        with pytest.raises(ValueError, match="2 numbers"):
            study.tell(study.ask(), 1.0)


def test_a_study_is_opened_again(storage):
    with Study(MIXED, storage=storage, study_name="kept", seed=4, direction="maximize") as study:
        study.optimize(lambda trial: trial["lr"], n_trials=5)
        study.set_attribute("owner", {"name": "ada"})
        waiting = study.ask()
    assert [found["name"] for found in libattune.studies(storage)] == ["kept"]
    with Study.open(storage) as again:
        assert again.study_name == "kept" and again.direction == "maximize" and again.seed == 4
        assert again.get_attribute("owner") == {"name": "ada"}
        assert again.tell(waiting.number, 1.0) is TrialState.COMPLETE
        again.optimize(lambda trial: trial["lr"], n_trials=3)
        assert len(again) == 9
    with Study(MIXED, storage=storage, study_name="kept", direction="maximize", load_if_exists=True) as loaded:
        assert len(loaded) == 9
    libattune.delete_study(storage, "kept")
    with pytest.raises(KeyError):
        Study.open(storage, "kept")


def test_threads_ask_and_tell_at_once():
    with Study({"x": FloatDistribution(0, 1), "n": IntDistribution(0, 9)}, strategy="random", seed=1) as study:
        numbers, failures = [], []

        def work():
            try:
                for _ in range(300):
                    trial = study.ask()
                    assert 0 <= trial["x"] <= 1
                    numbers.append(trial.number)
                    study.tell(trial, trial["x"])
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert sorted(numbers) == list(range(2400))
        with Study({"x": FloatDistribution(0, 1), "n": IntDistribution(0, 9)}, strategy="random", seed=1) as alone:
            expected = [alone.ask().params for _ in range(2400)]
        assert [trial.params for trial in study.trials] == expected


def test_suggestions_are_kept_apart_by_name_range_and_type():
    with Study(strategy="random", seed=1) as study:
        trial = study.ask()
        assert trial.suggest_float("a", 1, 1) == trial.suggest_float("a", 1.0, 1.0) == 1.0
        assert trial.suggest_int("b", 2, 2) == 2 and trial.suggest_float("c", 2, 2) == 2.0
        first = trial.suggest_categorical("d", [1, 2, "x"])
        assert trial.suggest_categorical("d", (1, 2, "x")) == first
        for other in ([True, 2, "x"], [1.0, 2, "x"], ["1", "2", "x"]):
            with pytest.raises(libattune.InvalidArgumentError, match='parameter "d" is suggested twice'):
                trial.suggest_categorical("d", other)
        ordered = trial.suggest_categorical("e", [1, 2, 4], ordered=True)
        assert ordered in (1, 2, 4)
        texts = trial.suggest_categorical("f", ["é", "\\ud7ff", ""])
        assert texts in ("é", "\\ud7ff", "")
        assert trial.params == {"a": 1.0, "b": 2, "c": 2.0, "d": first, "e": ordered, "f": texts}
        with pytest.raises(libattune.InvalidArgumentError):
            trial.suggest_float("g", 1, 0)
        assert trial.suggest_float("g", 0, 1, log=False) == trial.suggest_float("g", 0, 1)
        study.tell(trial, 1.0)
        assert json_of(study)["e"]["ordered"] is True


def json_of(study):
    return json.loads(study.space.to_json())


def test_suggestions_from_many_threads_are_each_trials_own():
    def one(study, found):
        for _ in range(50):
            trial = study.ask()
            row = [trial.suggest_float("x", 0, 1), trial.suggest_int("n", 1, 1000), trial.suggest_categorical("c", ["a", "b"])]
            found[trial.number] = row
            study.tell(trial, row[0])

    rows = []
    for count in (1, 8):
        with Study(strategy="random", seed=4) as study:
            found = {}
            threads = [threading.Thread(target=one, args=(study, found)) for _ in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert all(list(trial.params.values()) == found[trial.number] for trial in study.trials)
            rows.append([found[number] for number in range(50)])
    assert rows[0] == rows[1]  # a random trial depends on its number alone


def test_ranges_that_differ_each_time_are_not_all_kept():
    with Study(strategy="random", seed=1) as study:
        trial = study.ask()
        for index in range(2500):
            trial.suggest_float(f"x{index}", 0, 1 + index)
        assert len(trial.params) == 2500 and len(study._suggestions.floats) <= 1000


def test_a_deterministic_study_is_the_same_with_any_number_of_threads():
    def values(n_jobs):
        with Study({"x": FloatDistribution(0, 1)}, strategy="tpe", seed=1, window=3) as study:
            study.optimize(lambda trial: (trial.params["x"] - 0.3) ** 2, n_trials=20, n_jobs=n_jobs)
            return [trial.values for trial in study.trials]

    assert values(1) == values(4)
    with Study({"x": FloatDistribution(0, 1)}, deterministic=True) as study:
        first = study.ask()
        with pytest.raises(libattune.InvalidStateError, match="tell that one first"):
            study.ask()
        study.tell(first, 1)
        assert study.ask().number == 1


def test_constraints_of_the_space_hold_and_are_stored(tmp_path):
    space = {
        "x": FloatDistribution(0, 1),
        "y": FloatDistribution(0, 1),
        "k": ["a", "b"],
        "$constraints": [
            {"linear": {"x": 1, "y": 1}, "at_most": 0.5},
            {"forbidden": {"k": "a", "x": {"low": 0.25}}},
        ],
    }
    storage = str(tmp_path / "study.db")
    for _ in range(2):  # the second time it goes on
        with Study(space, storage=storage, study_name="s", seed=1, load_if_exists=True) as study:
            for _ in range(15):
                trial = study.ask()
                assert trial.params["x"] + trial.params["y"] <= 0.5 + 1e-12
                assert trial.params["k"] == "b" or trial.params["x"] < 0.25
                study.tell(trial, -trial.params["x"] - trial.params["y"])
            with pytest.raises(ValueError, match="constraint 0"):
                study.enqueue_trial({"x": 0.5, "y": 0.25, "k": "b"})
    del space["$constraints"]
    with pytest.raises(ValueError, match="constraints are none"):
        Study(space, storage=storage, study_name="s", load_if_exists=True)
