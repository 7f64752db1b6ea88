"""fleet_worker.py attune|optuna URL JOURNAL STOP SECONDS: works on the study "s" until there is a file STOP.

A trial takes SECONDS; JOURNAL gets a line when it begins and one when it ends. `attune` is Attune's Python package,
`optuna` a process of Optuna that gives signs of life and retries what is stale.
"""
import os
import sys
import time

kind, url, journal, stop, seconds = sys.argv[1:]
#: Seconds between Optuna's signs of life, and after which it takes a trial for lost. Attune gives one every 15 s.
BEAT, GRACE = 2, 32


def note(what, number, x):
    with open(journal, "a") as file:
        file.write(f"{what} {number} {x!r}\n")


def evaluate(number, x):
    note("begin", number, x)
    time.sleep(float(seconds))
    note("end", number, x)
    return x


def attune():
    import libattune

    def until_stopped(study, _):
        if os.path.exists(stop):
            study.stop()

    with libattune.Study.open(url, "s", strategy="random") as study:
        study.optimize(lambda trial: evaluate(trial.number, trial["x"]), n_trials=10**9,
                       callbacks=[until_stopped])


def with_optuna():
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage = optuna.storages.RDBStorage(
        url, heartbeat_interval=BEAT, grace_period=GRACE,
        heartbeat_stale_trial_callback=optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=2))
    study = optuna.load_study(study_name="s", storage=storage, sampler=optuna.samplers.RandomSampler())

    def objective(trial):
        x = trial.suggest_float("x", -1, 1)
        trial.suggest_float("lr", 1e-5, 0.1, log=True)
        return evaluate(trial.number, x)

    while not os.path.exists(stop):
        study.optimize(objective, n_trials=1)


{"attune": attune, "optuna": with_optuna}[kind]()
