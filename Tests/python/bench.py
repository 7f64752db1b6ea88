"""What a trial costs from Python: random ask, reading the parameters, and tell in memory, 5 parameters, one thread.

Times are the thread's processor time: what else the machine does counts little. Optuna and Rustuna stand beside it
where they are installed. With --check it ends with 1 when Attune's median is above LIMIT, which holds on an idle machine.
"""

from __future__ import annotations

import statistics
import sys
import time

import libattune
from libattune import FloatDistribution, IntDistribution

#: Microseconds for ask and tell together.
LIMIT = 8.0
SPACE = {
    "lr": FloatDistribution(1e-5, 0.1, log=True),
    "momentum": FloatDistribution(0, 1),
    "layers": IntDistribution(1, 8),
    "units": IntDistribution(16, 512),
    "act": ["relu", "tanh", "elu"],
}


def attune(count):
    with libattune.Study(SPACE, strategy="random", seed=1) as study:
        begun = time.thread_time()
        for _ in range(count):
            trial = study.ask()
            study.tell(trial, trial.params["lr"])
        return time.thread_time() - begun


def define_by_run(study, suggest_tell, count):
    """Asks, suggests each parameter and tells, as Optuna and Rustuna do it."""
    begun = time.thread_time()
    for _ in range(count):
        trial = study.ask()
        lr = trial.suggest_float("lr", 1e-5, 0.1, log=True)
        trial.suggest_float("momentum", 0, 1)
        trial.suggest_int("layers", 1, 8)
        trial.suggest_int("units", 16, 512)
        trial.suggest_categorical("act", ["relu", "tanh", "elu"])
        suggest_tell(study, trial, lr)
    return time.thread_time() - begun


def attune_define_by_run(count):
    with libattune.Study(strategy="random", seed=1) as study:
        return define_by_run(study, lambda study, trial, value: study.tell(trial, value), count)


def optuna(count):
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    return define_by_run(study, lambda study, trial, value: study.tell(trial, value), count)


def rustuna(count):
    import rustuna

    study = rustuna.create_study(direction="minimize", sampler=rustuna.samplers.RandomSampler(seed=1))
    return define_by_run(study, lambda study, trial, value: study.tell(trial.number, value), count)


def main():
    measured = {}
    # In turns, so that what else the machine does meets all of them.
    for _ in range(7):
        for name, run, count in (
            ("Attune, whole trials", attune, 10000),
            ("Attune, define-by-run", attune_define_by_run, 3000),
            ("Rustuna", rustuna, 1000),
            ("Optuna", optuna, 300),
        ):
            try:
                taken = run(count) / count * 1e6
            except ImportError:
                continue
            measured.setdefault(name, []).append(taken)
    print(f"{'random ask and tell of 5 parameters, in memory':48} us/trial  times Attune's")
    first = statistics.median(measured["Attune, whole trials"])
    for name, times in measured.items():
        print(f"{name:48} {statistics.median(times):8.1f}  {statistics.median(times) / first:8.1f}")
    print(f"{'wanted of Attune, whole trials':48} {LIMIT:8.1f}")
    return 1 if "--check" in sys.argv[1:] and first > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
