"""What one trial costs in Optuna: the space and the loop of ask_tell.c, in memory, by RandomSampler.

usage: optuna_random.py [N_TRIALS]     prints one line for table.awk
"""
import sys
import time

import optuna


def main(n=3000):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    distributions = {
        "lr": optuna.distributions.FloatDistribution(1e-5, 0.1, log=True),
        "layers": optuna.distributions.IntDistribution(1, 8),
        "kernel": optuna.distributions.CategoricalDistribution(["rbf", "poly", "linear"]),
        "momentum": optuna.distributions.FloatDistribution(0, 1),
        "width": optuna.distributions.IntDistribution(16, 1024),
    }
    study = optuna.create_study(storage=None, sampler=optuna.samplers.RandomSampler(seed=1))
    start = time.perf_counter()
    for _ in range(n):
        trial = study.ask(distributions)
        study.tell(trial, trial.params["lr"] + trial.params["momentum"])
    elapsed = time.perf_counter() - start
    print(f"{'Optuna ' + optuna.__version__ + ', trials/s':<48} {n / elapsed:>12.0f} {'':>12}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
