"""Evolution and reinforcement against random search on a table of every cell of examples-c/nas.

compare.py [--seeds 20] [--jobs 2] [--check]

cells.txt has the loss of each of the 15,625 cells, made once by exhaust.c. Each strategy of the library that ATTUNE_LIB
names searches the table with its defaults; printed are the means over seeds of how far the best cell found is from the
best there is, after 300 and 1,000 evaluations, and the probability, by a one-sided rank-sum test, of being as much
better than random search by chance. --check ends with 1 unless evolution at 300 and reinforce at 1,000 have p < 0.01.
"""
import argparse
import concurrent.futures
import math
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))

from adapters import attune_adapter  # noqa: E402

OPERATIONS = ["none", "skip", "linear", "relu", "tanh"]
EDGES = ["cell_0_1", "cell_0_2", "cell_1_2", "cell_0_3", "cell_1_3", "cell_2_3"]
SPACE = [{"name": name, "type": "cat", "choices": OPERATIONS} for name in EDGES]
BUDGETS = (100, 300, 1000)
STRATEGIES = ["random", "evolution", "reinforce", "tpe"]


def losses():
    """The table: the loss of each cell, in the order of exhaust.c."""
    values = [int(word) / 10000 for word in (HERE / "cells.txt").read_text().split()]
    if len(values) != len(OPERATIONS) ** len(EDGES):
        raise ValueError(f"cells.txt has {len(values)} cells, wanted {len(OPERATIONS) ** len(EDGES)}")
    return values


def search(job):
    """The best loss of a strategy after each budget."""
    strategy, seed = job
    table = losses()
    study = getattr(attune_adapter, f"Attune_{strategy}")(SPACE, seed, max(BUDGETS))
    best, found = math.inf, []
    for trial in range(1, max(BUDGETS) + 1):
        params = study.ask()
        cell = 0
        for name in EDGES:
            cell = 5 * cell + OPERATIONS.index(params[name])
        study.tell(params, table[cell])
        best = min(best, table[cell])
        if trial in BUDGETS:
            found.append(best)
    return found


def probability(better, worse):
    """One-sided rank-sum test that `better` has smaller values: normal approximation with ties."""
    both = sorted(better + worse)
    rank, ties, start = {}, 0, 0
    while start < len(both):
        end = start
        while end < len(both) and both[end] == both[start]:
            end += 1
        rank[both[start]] = (start + 1 + end) / 2
        ties += (end - start) ** 3 - (end - start)
        start = end
    n, m = len(better), len(worse)
    u = sum(rank[value] for value in better) - n * (n + 1) / 2
    deviation = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return 1.0 if deviation == 0 else 0.5 * math.erfc((n * m / 2 - u - 0.5) / deviation / math.sqrt(2))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    least = min(losses())
    jobs = [(strategy, seed) for strategy in STRATEGIES for seed in range(arguments.seeds)]
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        results = dict(zip(jobs, pool.map(search, jobs)))
    print(f"Log loss above the best cell's, {least:.4f}; means over {arguments.seeds} seeds.\n")
    print("| strategy | " + " | ".join(f"{budget} evaluations | p" for budget in BUDGETS) + " |")
    print("|---" * (2 * len(BUDGETS) + 1) + "|")
    chances = {}
    for strategy in STRATEGIES:
        cells = []
        for place, budget in enumerate(BUDGETS):
            mine, random = ([results[name, seed][place] for seed in range(arguments.seeds)]
                            for name in (strategy, "random"))
            chances[strategy, budget] = probability(mine, random)
            cells.append(f"{statistics.mean(mine) - least:.5f} | "
                         + ("–" if strategy == "random" else f"{chances[strategy, budget]:.2g}"))
        print(f"| {strategy} | " + " | ".join(cells) + " |")
    if not arguments.check:
        return 0
    wanted = {("evolution", 300), ("reinforce", 1000)}
    missed = [key for key in wanted if not chances[key] < 0.01]
    for strategy, budget in missed:
        print(f"{strategy} at {budget}: p = {chances[strategy, budget]:.3g}, wanted below 0.01")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
