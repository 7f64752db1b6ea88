"""libattune.keras with TensorFlow: the callback, the search in KerasTuner's manner, one process per trial."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import libattune
import pytest

pytest.importorskip("keras")
sys.path.insert(0, str(pathlib.Path(__file__).parent))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras_models
from keras_models import build, build_and_die, data
from libattune import Study, TrialState
from libattune.keras import AttuneCallback, HyperParameters, LostProcessError, in_process, tune_model
from libattune.keras._metrics import direction_of
from libattune.keras.hyperparameters import Recorded


class Source:
    """Records what it is asked, and answers the largest."""

    def __init__(self):
        self.asked = []

    def suggest_float(self, name, low, high, *, step=None, log=False):
        self.asked.append((name, "float", low, high, step, log))
        return high

    def suggest_int(self, name, low, high, *, step=1, log=False):
        self.asked.append((name, "int", low, high, step, log))
        return high

    def suggest_categorical(self, name, choices, *, ordered=False):
        self.asked.append((name, "categorical", list(choices), ordered))
        return choices[-1]


def test_each_word_asks_for_its_range():
    source = Source()
    hp = HyperParameters(source)
    assert hp.Int("a", 1, 8) == 8
    assert hp.Int("b", 1, 9, step=2) == 9
    assert hp.Int("c", 1, 64, sampling="log") == 64
    assert hp.Int("d", 16, 130, step=2, sampling="log") == 128
    assert hp.Float("e", 0, 1) == 1.0
    assert hp.Float("f", 1e-4, 1, sampling="log") == 1.0
    assert hp.Float("g", 1e-3, 1, step=10, sampling="log") == pytest.approx(1)
    assert hp.Float("h", 0.1, 1, sampling="reverse_log") == pytest.approx(0.1)
    assert hp.Choice("i", [1, 2, 4]) == 4
    assert hp.Choice("j", ["x", "y"]) == "y"
    assert hp.Choice("k", [3, 1], ordered=False) == 1
    assert hp.Boolean("l") is True
    assert hp.Fixed("m", "adam") == "adam"
    assert source.asked == [
        ("a", "int", 1, 8, 1, False),
        ("b", "int", 1, 9, 2, False),
        ("c", "int", 1, 64, 1, True),
        ("d", "categorical", [16, 32, 64, 128], True),
        ("e", "float", 0.0, 1.0, None, False),
        ("f", "float", 1e-4, 1.0, None, True),
        ("g", "categorical", [1e-3, 1e-2, 1e-1, 1.0], True),
        ("h (reverse_log)", "float", 0.1, 1.0, None, True),
        ("i", "categorical", [1, 2, 4], True),
        ("j", "categorical", ["x", "y"], False),
        ("k", "categorical", [3, 1], False),
        ("l", "categorical", [False, True], False),
    ]
    assert hp.get("m") == hp["m"] == "adam" and "m" in hp and "z" not in hp
    assert hp.Int("a", 1, 8) == 8 and len(source.asked) == 12  # a name is chosen once


def test_scopes_decide_what_takes_part():
    source = Source()
    hp = HyperParameters(source)
    hp.Choice("kind", ["a", "b"])
    with hp.conditional_scope("kind", ["a"]):
        assert hp.Int("units", 3, 5, default=4) == 4
        hp.Boolean("deep")
        with hp.conditional_scope("deep", True):
            assert hp.Float("x", 0.5, 1) == 0.5
    with hp.conditional_scope("kind", "b"):
        assert hp.Int("units", 30, 50) == 50
    with hp.name_scope("head"):
        hp.Choice("kind", [1, 2])
        with hp.conditional_scope("kind", 2):
            assert hp.Fixed("size", 9) == 9
    assert hp.Int("late", 1, 2, parent_name="kind", parent_values=["b"]) == 2
    assert [one[0] for one in source.asked] == ["kind", "units (2)", "head/kind", "late"]
    assert hp.values == {"kind": "b", "units": 50, "head/kind": 2, "head/size": 9, "late": 2}
    with pytest.raises(KeyError, match="deep: no active hyperparameter"):
        hp.get("deep")
    with pytest.raises(ValueError, match="parent_name is 'none', wanted one of kind"):
        hp.conditional_scope("none", [1]).__enter__()


def test_the_same_choices_again_from_the_record():
    with Study(seed=1) as study:
        for _ in range(12):
            trial = study.ask()
            first = HyperParameters(trial)
            build_values(first)
            study.tell(trial, 1.0)
            again = HyperParameters(Recorded(trial.params))
            build_values(again)
            assert again.values == first.values


def build_values(hp):
    hp.Choice("kind", ["a", "b"])
    with hp.conditional_scope("kind", ["a"]):
        hp.Int("units", 1, 9)
    with hp.conditional_scope("kind", ["b"]):
        hp.Int("units", 10, 90, step=4)
    hp.Float("late", 0.1, 1, sampling="reverse_log")
    hp.Int("powers", 1, 64, step=4, sampling="log")


def test_what_cannot_be_meant_is_refused():
    hp = HyperParameters(Source())
    with pytest.raises(ValueError, match="sampling of x is 'cubic', wanted one of linear, log, reverse_log"):
        hp.Float("x", 0, 1, sampling="cubic")
    with pytest.raises(ValueError, match="step of x is 2"):
        hp.Int("x", 1, 8, step=2, sampling="reverse_log")
    with pytest.raises(ValueError, match="by factors of 1"):
        hp.Int("x", 1, 8, step=1, sampling="log")
    with pytest.raises(ValueError, match="values of x is empty"):
        hp.Choice("x", [])
    with pytest.raises(ValueError, match='isolate is .cloud., wanted "none" or "process"'):
        tune_model(build, isolate="cloud")
    with pytest.raises(ValueError, match="n_jobs is 2"):
        tune_model(build, n_jobs=2)
    with pytest.raises(ValueError, match="trial_timeout"):
        tune_model(build, trial_timeout=1)
    with pytest.raises(ValueError, match="keep is 0"):
        tune_model(build, keep=0)
    with pytest.raises(TypeError, match="objective is"):
        tune_model(build, objective=["val_loss", "val_acc"])
    with pytest.raises(ValueError, match="whose direction is not known"):
        tune_model(build, objective="val_oddness")


def test_directions_of_metrics():
    for name in ("val_loss", "mae", "val_mean_squared_error", "val_accuracy_loss"):
        assert direction_of(name) == "minimize"
    for name in ("accuracy", "val_acc", "val_auc", "f1_score", "val_precision"):
        assert direction_of(name) == "maximize"


def small_model():
    import keras

    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    return model


def test_the_callback_reports_each_epoch_and_prunes():
    x, y, x2, y2 = data()
    ended = []

    class Ended(__import__("keras").callbacks.Callback):
        def on_train_end(self, logs=None):
            ended.append(True)

    with Study({"a": [1, 2]}, strategy="random", pruner="threshold", pruner_options={"upper": 1e-9, "n_warmup_steps": 2}) as study:
        def objective(trial):
            callbacks = [Ended(), AttuneCallback(trial)]
            small_model().fit(x, y, validation_data=(x2, y2), epochs=10, verbose=0, callbacks=callbacks)

        study.optimize(objective, n_trials=1)
        trial = study.trials[0]
        assert trial.state is TrialState.PRUNED and len(trial.intermediate_values) == 3 and ended == [True]


def test_a_metric_that_is_not_there_is_named():
    x, y, _, _ = data()
    with Study({"a": [1, 2]}, seed=1) as study, pytest.raises(ValueError, match="monitor is 'val_loss', wanted one of loss"):
        small_model().fit(x, y, epochs=1, verbose=0, callbacks=[AttuneCallback(study.ask())])


def test_a_search_keeps_the_best_models_and_goes_on(tmp_path):
    x, y, x2, y2 = data()
    words = {"validation_data": (x2, y2), "epochs": 3, "verbose": 0, "seed": 3, "directory": tmp_path, "project_name": "p"}
    with tune_model(build, x, y, max_trials=4, keep=2, **words) as tuned:
        assert len(tuned.study.trials) == 4
        first = tuned.best_value
        kept = sorted(path.name for path in (tmp_path / "p").glob("trial-*"))
        order = sorted(tuned.study.trials, key=lambda trial: trial.value)
        assert kept == sorted(f"trial-{trial.number}" for trial in order[:2])
        for trial, hp, model in zip(order, tuned.get_best_hyperparameters(2), tuned.get_best_models(2)):
            assert model.evaluate(x2, y2, verbose=0, return_dict=True)["loss"] == pytest.approx(trial.value, rel=1e-5)
            assert trial.attributes["hyperparameters"] == hp.values and hp.get("lr") == trial.params["lr"]
            assert trial.value == min(trial.intermediate_values.values())
        assert tuned.best_hyperparameters.get("optimizer") in ("sgd", "adam")
        with pytest.raises(FileNotFoundError, match="keep=N keeps"):
            tuned.get_best_models(3)
    with tune_model(build, x, y, max_trials=5, **words) as tuned:
        assert len(tuned.study.trials) == 5 and tuned.best_value <= first
        assert len(list((tmp_path / "p").glob("trial-*"))) == 1
    with tune_model(build, x, y, max_trials=2, overwrite=True, executions_per_trial=2, **words) as tuned:
        assert len(tuned.study.trials) == 2


def test_a_search_prunes_and_is_the_same_again():
    x, y, x2, y2 = data()
    found = []
    for _ in range(2):
        with tune_model(build, x, y, validation_data=(x2, y2), epochs=4, verbose=0, max_trials=5, seed=5, objective="val_mae",
                        pruner="median", pruner_options={"n_startup_trials": 1}) as tuned:  # fmt: skip
            found.append([(trial.params, trial.state, trial.values) for trial in tuned.study.trials])
    assert found[0] == found[1]
    assert {state for _, state, _ in found[0]} == {TrialState.COMPLETE, TrialState.PRUNED}


class Hyper:
    """As KerasTuner's HyperModel."""

    def build(self, hp):
        return build(hp)

    def fit(self, hp, model, *arguments, **words):
        return model.fit(*arguments, batch_size=hp.Choice("batch", [16, 32]), **words)


def test_a_hyper_model_with_its_own_fit():
    x, y, x2, y2 = data()
    with tune_model(Hyper(), x, y, validation_data=(x2, y2), epochs=2, verbose=0, max_trials=2, seed=1) as tuned:
        assert all(trial.params["batch"] in (16, 32) for trial in tuned.study.trials)
        assert tuned.best_hyperparameters.get("batch") in (16, 32)
        assert tuned.best_model() is not None
    with pytest.raises(ValueError, match="'val_accuracy', wanted one of loss, mae"):
        tune_model(Hyper(), x, y, epochs=1, verbose=0, max_trials=1, objective="val_accuracy", validation_data=(x2, y2))


# ---- processes of their own


def test_each_trial_has_a_process_and_the_same_values_as_without(tmp_path):
    path = tmp_path / "pids"
    rows = []
    for objective in (keras_models.Report(path), in_process(keras_models.Report(path))):
        with Study(seed=1) as study:
            study.optimize(objective, n_trials=3)
            rows.append([(trial.params, trial.values, trial.attributes, trial.intermediate_values) for trial in study.trials])
    assert rows[0] == rows[1]
    pids = path.read_text().split()
    assert pids[:3] == [str(os.getpid())] * 3 and len(set(pids[3:])) == 3 and str(os.getpid()) not in pids[3:]


def test_what_a_process_raises_is_raised_here_with_its_traceback():
    with Study(seed=1) as study:
        with pytest.raises(KeyError, match="lost key"):
            study.optimize(in_process(keras_models.raise_in_process), n_trials=1)
        assert "raise_in_process" in study.trials[0].traceback and "keras_models.py" in study.trials[0].traceback
        with pytest.raises(libattune.InvalidArgumentError, match="low"):
            study.optimize(in_process(keras_models.refuse_in_process), n_trials=1)
        with pytest.raises(libattune.TimeLimitError, match="trial 2: timeout after 1.0 s"):
            study.optimize(in_process(keras_models.hang, timeout=1.0), n_trials=1)
        with pytest.raises(Exception, match="pickle"):
            study.optimize(in_process(lambda trial: 0), n_trials=1)


def test_models_train_in_processes_that_may_die_and_nothing_stays_here(tmp_path):
    program = f"""
import sys
sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
import keras_models
from libattune.keras import tune_model

if __name__ == "__main__":
    x, y, x2, y2 = keras_models.data()
    tuned = tune_model(
        keras_models.build_and_die, x, y, validation_data=(x2, y2), epochs=2, verbose=0, max_trials=4, seed=2,
        strategy="sobol", isolate="process", n_jobs=2, directory={str(tmp_path)!r},
    )
    assert "tensorflow" not in sys.modules and "keras" not in sys.modules
    for trial in tuned.study.trials:
        print(trial.state.name, trial.params["die"], trial.reason)
    model = tuned.best_model()
    loss = float(model.evaluate(x2, y2, verbose=0)[0])
    assert abs(loss - tuned.best_value) < 1e-5 * max(1, loss), (loss, tuned.best_value)
"""
    path = tmp_path / "program.py"
    path.write_text(program)
    ended = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.split("\n")[:4]
    died = [line for line in lines if line.startswith("FAIL True LostProcessError")]
    assert died and all("was ended by signal 9 (Killed)" in line for line in died)
    assert sum(line.startswith("COMPLETE False") for line in lines) == 4 - len(died) > 0
    assert LostProcessError.__mro__[1] is RuntimeError


def test_a_pruned_trial_of_a_process_is_pruned_here():
    with Study(seed=1) as study:
        study.optimize(in_process(keras_models.prune), n_trials=1)
        assert study.trials[0].state is TrialState.PRUNED
