"""Models and data of test_keras.py, in a module of their own: processes of their own import them."""

from __future__ import annotations

import os
import signal
import time

import numpy
from libattune import TrialPruned


def data():
    """A line with a bend: 96 rows to learn, 32 to check."""
    x = numpy.random.default_rng(3).normal(size=(128, 3)).astype("float32")
    y = (numpy.maximum(x[:, 0], 0) - x[:, 1])[:, None].astype("float32")
    return x[:96], y[:96], x[96:], y[96:]


def build(hp):
    """A small network in all of hp's words."""
    import keras

    layers = []
    for i in range(hp.Int("layers", 1, 2)):
        with hp.name_scope(f"layer{i}"):
            layers.append(keras.layers.Dense(hp.Int("units", 4, 16, step=2, sampling="log"), hp.Choice("act", ["relu", "tanh"])))
    if hp.Boolean("dropout"):
        layers.append(keras.layers.Dropout(hp.Float("rate", 0, 0.5, step=0.1, parent_name="dropout", parent_values=[True])))
    kind = hp.Choice("optimizer", ["sgd", "adam"])
    with hp.conditional_scope("optimizer", ["sgd"]):
        momentum = hp.Float("momentum", 0.01, 0.99, sampling="reverse_log")
    with hp.conditional_scope("optimizer", ["adam"]):
        beta = hp.Float("beta", 0.8, 0.99)
    rate = hp.Float("lr", 1e-3, 1e-1, sampling="log")
    optimizer = keras.optimizers.SGD(rate, momentum=momentum) if kind == "sgd" else keras.optimizers.Adam(rate, beta_1=beta)
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile(optimizer, "mse", metrics=["mae"], run_eagerly=True)
    return model


def build_and_die(hp):
    """Is killed where the coin falls so."""
    if hp.Choice("die", [True, False]):
        os.kill(os.getpid(), signal.SIGKILL)
    return build(hp)


class Report:
    """A plain objective: tells its process, and reports."""

    def __init__(self, path):
        self.path = path

    def __call__(self, trial):
        with open(self.path, "a") as out:
            out.write(f"{os.getpid()}\n")
        x = trial.suggest_float("x", 0, 1)
        n = trial.suggest_int("n", 1, 4)
        c = trial.suggest_categorical("c", ["a", "b"])
        trial.report(x, 0)
        trial.set_attribute("seen", [x, n, c])
        return x + n


def raise_in_process(trial):
    """Fails with an exception of its own module."""
    raise KeyError("lost key")


def refuse_in_process(trial):
    """Is refused a suggestion."""
    trial.suggest_float("x", 1, 0)


def hang(trial):
    """Never ends."""
    while True:
        time.sleep(1)


def prune(trial):
    """Gives itself up."""
    raise TrialPruned("enough")
