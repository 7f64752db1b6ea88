"""A study with an objective that reports as it goes: gradient descent on a valley, pruned where it leads nowhere.

usage: objective.py [STORAGE]     with a storage, run it again to go on
"""

import sys

import libattune


def objective(trial):
    rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
    momentum = trial.suggest_float("momentum", 0.0, 0.99)
    nesterov = trial.suggest_categorical("nesterov", [False, True])
    x, y, vx, vy = -1.5, 2.0, 0.0, 0.0
    for step in range(20):
        for _ in range(20):
            px, py = (x + momentum * vx, y + momentum * vy) if nesterov else (x, y)
            gx, gy = -2 * (1 - px) - 400 * px * (py - px * px), 200 * (py - px * px)
            length = max(1.0, (gx * gx + gy * gy) ** 0.5 / 10)
            vx, vy = momentum * vx - rate * gx / length, momentum * vy - rate * gy / length
            x, y = x + vx, y + vy
        value = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        trial.report(value, step)
        if trial.should_prune():
            raise libattune.TrialPruned
    return value


def main():
    storage = sys.argv[1] if len(sys.argv) > 1 else None
    with libattune.Study(storage=storage, study_name="valley", load_if_exists=storage is not None, seed=1,
                         pruner="median") as study:
        study.optimize(objective, n_trials=60)
        states = [trial.state.name for trial in study.trials]
        print(f"{len(states)} trials, {states.count('PRUNED')} pruned")
        print(f"best: {study.best_value:.3g} with {study.best_params}")


if __name__ == "__main__":
    main()
