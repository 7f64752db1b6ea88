"""An Optuna study by Attune's strategies: the sampler is the one line that changed."""

import optuna
from libattune.optuna import AttuneSampler


def objective(trial):
    x, y = trial.suggest_float("x", -5, 5), trial.suggest_int("y", -5, 5)
    return (x - 1) ** 2 + (y + 2) ** 2 + (trial.suggest_categorical("shape", ["bowl", "box"]) == "box")


def main():
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=AttuneSampler(seed=1))
    study.optimize(objective, n_trials=60)
    print(f"best: {study.best_value:.3g} with {study.best_params}")


if __name__ == "__main__":
    main()
