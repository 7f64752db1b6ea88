"""A search over Keras models as KerasTuner's users write it; one changed line takes the place of its tuners.

usage: keras_search.py [MAX_TRIALS]
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy
from libattune.keras import tune_model


def build(hp):
    """A classifier in hp's words."""
    model = keras.Sequential()
    for i in range(hp.Int("layers", 1, 3)):
        model.add(keras.layers.Dense(hp.Int(f"units_{i}", 8, 64, step=8), hp.Choice("activation", ["relu", "tanh"])))
    if hp.Boolean("dropout"):
        model.add(keras.layers.Dropout(hp.Float("rate", 0.1, 0.5)))
    model.add(keras.layers.Dense(3, "softmax"))
    kind = hp.Choice("optimizer", ["adam", "sgd"])
    rate = hp.Float("learning_rate", 1e-4, 1e-1, sampling="log")
    with hp.conditional_scope("optimizer", ["sgd"]):
        momentum, nesterov = hp.Float("momentum", 0, 0.98), hp.Boolean("nesterov")
    optimizer = keras.optimizers.Adam(rate) if kind == "adam" else keras.optimizers.SGD(rate, momentum, nesterov)
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def blobs(count, seed):
    """Points of three clouds that overlap, in eight dimensions."""
    random = numpy.random.default_rng(seed)
    y = random.integers(0, 3, count)
    x = random.normal(size=(count, 8)) + numpy.eye(8)[y] * 2 - numpy.eye(8)[(y + 3) % 8]
    return x.astype("float32"), y


def main():
    max_trials = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    x, y = blobs(400, 1)
    tuned = tune_model(
        build, x, y, validation_data=blobs(200, 2), epochs=8, batch_size=50, verbose=0,
        objective="val_accuracy", max_trials=max_trials, seed=1, pruner="median",
    )  # fmt: skip
    print(f"best accuracy: {tuned.best_value:.3f} with {tuned.best_hyperparameters.values}")
    tuned.best_model().summary(print_fn=lambda line: print(line) if "Total params" in line else None)


if __name__ == "__main__":
    main()
