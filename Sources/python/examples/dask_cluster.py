"""A study on a Dask cluster: this program asks and tells, Dask's workers evaluate, as many trials at once as they are.

usage: dask_cluster.py [N_TRIALS] [SCHEDULER]    without a scheduler's address, two processes on this machine
"""

import math
import sys

import libattune
from dask.distributed import Client, LocalCluster, as_completed

SPACE = {
    "x": libattune.FloatDistribution(-5, 10),
    "y": libattune.FloatDistribution(0, 15),
    "kernel": ["rbf", "poly"],
}


def evaluate(params):
    """Runs on a worker: Branin's function, a little worse with one of the kernels."""
    x, y = params["x"], params["y"]
    bowl = (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2
    return bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10 + (params["kernel"] == "poly")


def tune(client, study, n_trials):
    """Keeps all workers busy until n_trials are told; a trial whose worker is lost for good fails."""
    trials = {}

    def submit():
        trial = study.ask()
        future = client.submit(evaluate, trial.params, key=f"trial-{trial.number}-{study.study_name}", retries=2)
        trials[future.key] = trial
        return future

    at_once = min(n_trials, sum(client.nthreads().values()))
    running = as_completed([submit() for _ in range(at_once)])
    for future in running:
        trial = trials.pop(future.key)
        if future.status == "finished":
            study.tell(trial, future.result())
        else:
            study.tell(trial, state=libattune.TrialState.FAIL, reason=f"Dask: {future.exception()!r}")
        if len(study) < n_trials:
            running.add(submit())


def main():
    n_trials = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    local = None if len(sys.argv) > 2 else LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    # A storage as well, PostgreSQL or a file, has the study outlive this program.
    with Client(local or sys.argv[2]) as client, libattune.Study(SPACE, seed=1) as study:
        tune(client, study, n_trials)
        print(f"{len(study)} trials, best {study.best_value:.4f} with {study.best_params}")
    if local:
        local.close()


if __name__ == "__main__":
    main()
