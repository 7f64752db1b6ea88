"""worker.py URL STUDY COUNT: a process of Optuna that works on a study of others."""
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
url, name, count = sys.argv[1:]
study = optuna.load_study(
    study_name=name, storage=url, sampler=optuna.samplers.RandomSampler())
told = []
for _ in range(int(count)):
    trial = study.ask()
    x = trial.suggest_float("x", -1, 1)
    trial.suggest_float("lr", 1e-5, 0.1, log=True)
    study.tell(trial, x)
    told.append((trial.number, x))
print(told)
