"""Searches the architecture of examples-c/nas by several strategies and prints where they stand.

architectures.py [--trials 150] [--seeds 3] [--strategies evolution,reinforce,random,bayesian] [--jobs 2] [--check]

The `attune` in PATH makes the runs, one trial after another. Printed are the best held-out log loss of each seed after
a third and after all of the trials, and their means. --check ends with 1 where evolution is not ahead of random search.
"""
import argparse
import concurrent.futures
import csv
import io
import os
import statistics
import subprocess
import sys
import tempfile

PLUGIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples-c", "nas", "nas.attune.so")


def losses(job):
    """The values of a run's trials by number."""
    strategy, seed, trials = job
    with tempfile.TemporaryDirectory() as folder:
        storage = ["--storage", os.path.join(folder, "study.db"), "--study-name", "nas"]
        subprocess.run(["attune", "run", PLUGIN, "--n-trials", str(trials), "--seed", str(seed), "--strategy", strategy,
                        "--n-jobs", "1", "--progress", "none", "-f", "json", *storage],
                       check=True, stdout=subprocess.DEVNULL)
        table = subprocess.run(["attune", "trials", *storage, "-f", "csv"], check=True, capture_output=True,
                               text=True).stdout
    rows = sorted(csv.DictReader(io.StringIO(table)), key=lambda row: int(row["number"]))
    if len(rows) != trials:
        raise ValueError(f"{strategy}, seed {seed}: {len(rows)} trials, wanted {trials}")
    return [float(row["value"]) for row in rows if row["state"].upper() == "COMPLETE"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=150)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--strategies", default="evolution,reinforce,random,bayesian")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    subprocess.run(["make", "-s", "-C", os.path.dirname(PLUGIN)], check=True)
    strategies = arguments.strategies.split(",")
    jobs = [(s, seed, arguments.trials) for s in strategies for seed in range(1, arguments.seeds + 1)]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = dict(zip(jobs, pool.map(losses, jobs)))
    third = arguments.trials // 3
    seeds = range(1, arguments.seeds + 1)
    print("| strategy | " + " | ".join(f"seed {seed}" for seed in seeds)
          + f" | mean after {third} | mean after {arguments.trials} |")
    print("|---" * (arguments.seeds + 3) + "|")
    means = {}
    for strategy in strategies:
        found = [runs[strategy, seed, arguments.trials] for seed in seeds]
        means[strategy] = statistics.mean(min(run) for run in found)
        print(f"| {strategy} | " + " | ".join(f"{min(run):.4f}" for run in found)
              + f" | {statistics.mean(min(run[:third]) for run in found):.4f} | {means[strategy]:.4f} |")
    return int(arguments.check and not means["evolution"] < means["random"])


if __name__ == "__main__":
    sys.exit(main())
