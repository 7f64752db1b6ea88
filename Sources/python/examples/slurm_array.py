#!/usr/bin/env python3
#SBATCH --job-name=attune
#SBATCH --array=0-31
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --signal=TERM@120
"""One study on a Slurm cluster: every task of the array is a worker of the same study, kept in a database.

    export ATTUNE_STORAGE=postgresql://tuner@db.example.com/studies ATTUNE_STUDY=svm ATTUNE_TRIALS=1000
    sbatch slurm_array.py

Tasks may begin late, end early and be lost: the others go on, and what a lost one ran is tried again. Two minutes
before its time is up, a task ends after its running trial. A password belongs in ~/.pgpass.
"""

import os
import signal

import libattune


def objective(trial):
    """Yours stands here."""
    x = trial.suggest_float("x", -10, 10)
    y = trial.suggest_float("y", -10, 10)
    return (x - 3) ** 2 + (y + 1) ** 2


def main():
    total = int(os.environ.get("ATTUNE_TRIALS", "1000"))
    study = libattune.Study(
        storage=os.environ["ATTUNE_STORAGE"], study_name=os.environ.get("ATTUNE_STUDY", "study"), load_if_exists=True
    )
    signal.signal(signal.SIGTERM, lambda *_: study.stop())

    def enough(study, _):
        if sum(trial.state is libattune.TrialState.COMPLETE for trial in study.trials) >= total:
            study.stop()

    reason = study.optimize(objective, n_trials=total, callbacks=[enough])
    print(f"task {os.environ.get('SLURM_ARRAY_TASK_ID', '-')}: {reason}; best {study.best_value:.4f} of {len(study)} trials")


if __name__ == "__main__":
    main()
