"""A training loop of TensorFlow's own, without Keras: variables, tf.GradientTape and tf.function.

Attune tunes learning rate, momentum, Nesterov's form of it, layers, units, dropout and activation; each trial trains in
a process of its own, so that all memory it took is given back.

usage: tensorflow_loop.py [N_TRIALS]
"""

import math
import os
import sys

import libattune
from libattune.keras import in_process

EPOCHS = 12


def two_spirals(count, seed):
    """Points on two spirals that wind around each other, and which of the two each is on."""
    import numpy

    random = numpy.random.default_rng(seed)
    turn = numpy.sqrt(random.random(count)) * 2.5 * math.pi
    side = random.integers(0, 2, count)
    x = numpy.stack([numpy.cos(turn + side * math.pi), numpy.sin(turn + side * math.pi)], 1) * turn[:, None] / 4
    return (x + random.normal(size=x.shape) * 0.08).astype("float32"), side.astype("int32")


def objective(trial):
    """The share of wrong answers on held-out points after EPOCHS epochs."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.random.set_seed(trial.seed % 2**31)
    rate = trial.suggest_float("learning_rate", 1e-3, 1, log=True)
    momentum = trial.suggest_float("momentum", 0, 0.98)
    nesterov = trial.suggest_categorical("nesterov", [False, True])
    dropout = trial.suggest_float("dropout", 0, 0.4)
    activation = getattr(tf.nn, trial.suggest_categorical("activation", ["relu", "tanh", "elu"]))
    units = [trial.suggest_int(f"units_{i}", 4, 64, log=True) for i in range(trial.suggest_int("layers", 1, 3))]

    sizes = [2, *units, 2]
    weights = [tf.Variable(tf.random.normal([a, b]) * math.sqrt(2 / a)) for a, b in zip(sizes, sizes[1:])]
    biases = [tf.Variable(tf.zeros([b])) for b in sizes[1:]]
    variables = [*weights, *biases]
    speeds = [tf.Variable(tf.zeros_like(variable)) for variable in variables]

    def network(x, is_training):
        for weight, bias in zip(weights[:-1], biases[:-1]):
            x = activation(x @ weight + bias)
            if is_training:
                x = tf.nn.dropout(x, dropout)
        return x @ weights[-1] + biases[-1]

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, network(x, True)))
        for variable, speed, slope in zip(variables, speeds, tape.gradient(loss, variables)):
            speed.assign(momentum * speed - rate * slope)
            variable.assign_add(momentum * speed - rate * slope if nesterov else speed)
        return loss

    @tf.function
    def wrong(x, y):
        answers = tf.argmax(network(x, False), 1, output_type=tf.int32)
        return tf.reduce_mean(tf.cast(answers != y, tf.float32))

    x, y = two_spirals(600, 1)
    held_x, held_y = two_spirals(300, 2)
    batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(600, seed=1).batch(50)
    value = 1.0
    for epoch in range(EPOCHS):
        for batch in batches:
            step(*batch)
        value = float(wrong(held_x, held_y))
        trial.report(value, epoch)
        if trial.should_prune():
            raise libattune.TrialPruned
    return value


def main():
    n_trials = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with libattune.Study(seed=1, pruner="median", pruner_options={"n_warmup_steps": 3}) as study:
        study.optimize(in_process(objective), n_trials=n_trials)
        pruned = sum(trial.state is libattune.TrialState.PRUNED for trial in study.trials)
        print(f"{len(study.trials)} trials, {pruned} pruned")
        print(f"best: {study.best_value:.3f} wrong with {study.best_params}")


if __name__ == "__main__":
    main()
