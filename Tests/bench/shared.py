"""Eight processes on one study in PostgreSQL, Attune's and Optuna's in turns: trials a second of all together.

usage: shared.py SHARED_STUDY [PROCESSES [TRIALS_EACH [ROUNDS]]]
Prints lines for table.awk. Run by a Python that has Optuna, under Tests/storage/postgres.sh.
"""
import os
import statistics
import subprocess
import sys
import time

import psycopg2

SERVER = os.environ["ATTUNE_TEST_POSTGRES"]
HERE = os.path.dirname(os.path.abspath(__file__))


def database(name):
    connection = psycopg2.connect(SERVER)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    return SERVER.rsplit("/", 1)[0] + "/" + name


def rate(command, processes, each):
    """Trials a second, without the time that starting takes: two runs, one longer than the other."""
    def seconds(count):
        start = time.perf_counter()
        running = [subprocess.Popen([*command, str(count)]) for _ in range(processes)]
        for process in running:
            if process.wait() != 0:
                sys.exit(f"shared.py: {command} ended with {process.returncode}")
        return time.perf_counter() - start
    # Optuna's processes fail when several make the tables at once.
    subprocess.run([*command, "1"], check=True)
    short = seconds(1)
    return processes * (each - 1) / (seconds(each) - short)


def main(program, processes=8, each=40, rounds=3):
    rates = {"Attune": [], "Optuna": []}
    for index in range(rounds):
        url = database(f"attune_{os.getpid()}_{index}")
        rates["Attune"].append(rate([program, url], processes, each * 5))
        url = database(f"optuna_{os.getpid()}_{index}").replace("postgresql:", "postgresql+psycopg2:")
        rates["Optuna"].append(
            rate([sys.executable, os.path.join(HERE, "optuna_shared.py"), url], processes, each))
    for name, found in rates.items():
        print(f"{name + f', PostgreSQL, {processes} processes, trials/s':<48} {statistics.median(found):>12.0f}")
    ratio = statistics.median(a / o for a, o in zip(rates["Attune"], rates["Optuna"]))
    print(f"{'Attune to Optuna on PostgreSQL, times as fast':<48} {ratio:>12.1f} {'>= 5':>12}")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
