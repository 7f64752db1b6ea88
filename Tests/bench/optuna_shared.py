"""Ask and tell on one study of a storage, by one process of several: the space and the loop of shared_study.c.

usage: optuna_shared.py URL N_TRIALS
"""
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
distributions = {
    "lr": optuna.distributions.FloatDistribution(1e-5, 0.1, log=True),
    "layers": optuna.distributions.IntDistribution(1, 8),
    "kernel": optuna.distributions.CategoricalDistribution(["rbf", "poly", "linear"]),
    "momentum": optuna.distributions.FloatDistribution(0, 1),
    "width": optuna.distributions.IntDistribution(16, 1024),
}
study = optuna.create_study(
    storage=sys.argv[1], study_name="bench", load_if_exists=True,
    sampler=optuna.samplers.RandomSampler())
for _ in range(int(sys.argv[2])):
    trial = study.ask(distributions)
    study.tell(trial, trial.params["lr"] + trial.params["momentum"])
