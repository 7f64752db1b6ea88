"""What one trial costs in Optuna's SQLite storage: the space and the loop of StorageBench.swift, by RandomSampler.

usage: optuna_storage.py FOLDER [N_TRIALS]     prints a line for each durability, for table.awk
"""
import os
import sys
import time

import optuna
import sqlalchemy

DISTRIBUTIONS = {
    "lr": optuna.distributions.FloatDistribution(1e-5, 0.1, log=True),
    "layers": optuna.distributions.IntDistribution(1, 8),
    "kernel": optuna.distributions.CategoricalDistribution(["rbf", "poly", "linear"]),
    "momentum": optuna.distributions.FloatDistribution(0, 1),
    "width": optuna.distributions.IntDistribution(16, 1024),
}


def trials_per_second(path, synchronous, n):
    for ending in ("", "-wal", "-shm"):
        if os.path.exists(path + ending):
            os.remove(path + ending)

    # Of every connection, whichever thread opens it.
    def prepare(connection, _record):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")

    sqlalchemy.event.listen(sqlalchemy.pool.Pool, "connect", prepare)
    storage = optuna.storages.RDBStorage(f"sqlite:///{path}")
    study = optuna.create_study(storage=storage, sampler=optuna.samplers.RandomSampler(seed=1))
    start = time.perf_counter()
    for number in range(n):
        trial = study.ask(DISTRIBUTIONS)
        study.tell(trial, float(number))
    elapsed = time.perf_counter() - start
    sqlalchemy.event.remove(sqlalchemy.pool.Pool, "connect", prepare)
    storage.engine.dispose()
    return n / elapsed


def main(folder, n=300):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    for word, synchronous in (("process", "NORMAL"), ("full", "FULL")):
        speed = trials_per_second(os.path.join(folder, f"optuna-{word}.db"), synchronous, n)
        print(f"{f'Optuna in SQLite, {word}, trials/s':<48} {speed:>12.1f} {'':>12}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:3]))
