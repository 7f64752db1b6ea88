"""How many trials `bayesian` needs for what random search finds in 120, on the real objectives of examples-c.

reach.py [--examples svm,boosting,forest,network] [--seeds 20] [--strategy bayesian] [--option KEY=VALUE]
         [--config JSON] [--again N] [--jobs CORES] [--check 40] [--runs FILE]

For each example and seed, the `attune` in PATH makes 120 trials with `random`, one after another. The goal is the
median over the seeds of the best value. The strategy makes 40 trials a seed, and 120 where fewer than half of the seeds
have reached the goal by then. --check ends with 1 where its median is above the number. --runs adds the values of every
run to a file of JSON lines, and reads from there what an earlier call with the same library has measured.

Some examples are noisy: a trial draws from its own seed, and the best of 120 values is mostly luck. --again evaluates
the best points again, N times with other seeds, and compares the medians of the means: random's best of 120 and of 40,
the strategy's best of 40. It compares that alone.
"""
import argparse
import concurrent.futures
import csv
import io
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples-c")
TRIALS, WANTED = 120, 40


def values_of(example, strategy, seed, trials, options, config):
    """The values of a run's trials by number, infinite where a trial has none."""
    plugin = os.path.join(EXAMPLES, example, f"{example}.attune.so")
    with tempfile.TemporaryDirectory() as folder:
        storage = ["--storage", os.path.join(folder, "study.db"), "--study-name", "reach"]
        command = ["attune", "run", plugin, "--n-trials", str(trials), "--seed", str(seed), "--strategy", strategy,
                   "--n-jobs", "1", "--progress", "none", "-f", "json", *storage]
        for option in options:
            command += ["--option", option]
        if config:
            command += ["--config", config]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        table = subprocess.run(["attune", "trials", *storage, "-f", "csv"], check=True, capture_output=True,
                               text=True).stdout
    rows = sorted(csv.DictReader(io.StringIO(table)), key=lambda row: int(row["number"]))
    if len(rows) != trials:
        raise ValueError(f"{example}, {strategy}, seed {seed}: {len(rows)} trials, wanted {trials}")
    return [float(row["value"]) if row["state"].upper() == "COMPLETE" else math.inf for row in rows]


def means_again(example, strategy, seed, counts, options, arguments):
    """For each count the mean value of the best of that many trials, evaluated again with other seeds."""
    plugin = os.path.join(EXAMPLES, example, f"{example}.attune.so")
    means = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            storage = ["--storage", os.path.join(folder, "study.db"), "--study-name", "reach"]
            command = ["attune", "run", plugin, "--progress", "none", "-f", "json", *storage]
            command += ["--config", arguments.config] if arguments.config else []
            first = [*command, "--n-trials", str(count), "--seed", str(seed), "--strategy", strategy]
            for option in options:
                first += ["--option", option]
            told = subprocess.run(first, check=True, capture_output=True, text=True).stdout
            point = json.dumps(json.loads(told)["best"]["params"])
            for _ in range(arguments.again):
                subprocess.run(["attune", "enqueue", *storage, point], check=True, stdout=subprocess.DEVNULL)
            subprocess.run([*command, "--n-trials", str(arguments.again), "--load-if-exists"], check=True,
                           stdout=subprocess.DEVNULL)
            table = subprocess.run(["attune", "trials", *storage, "-f", "csv"], check=True, capture_output=True,
                                   text=True).stdout
        rows = [row for row in csv.DictReader(io.StringIO(table)) if int(row["number"]) >= count]
        means.append(statistics.mean(float(row["value"]) for row in rows))
    return means


def compare_again(arguments):
    """Prints the table of --again; returns 1 when the strategy's best of 40 is worse than random's best of 120."""
    name, worse = arguments.strategy, 0
    print(f"Medians over {arguments.seeds} seeds of the best point's mean over {arguments.again} evaluations more.\n")
    print(f"| example | random's best of 40 | of 120 | {name}'s best of 40 | seeds on which it is ahead of 120 |\n"
          "|---|---|---|---|---|", flush=True)
    seeds = range(1, arguments.seeds + 1)
    for example in arguments.examples.split(","):
        subprocess.run(["make", "-s", "-C", os.path.join(EXAMPLES, example)], check=True)
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            random = list(pool.map(lambda seed: means_again(example, "random", seed, (WANTED, TRIALS), [], arguments),
                                   seeds))
            model = list(pool.map(lambda seed: means_again(example, name, seed, (WANTED,), arguments.option,
                                                           arguments)[0], seeds))
        short, long = (statistics.median(pair[index] for pair in random) for index in (0, 1))
        ahead = sum(value < pair[1] for value, pair in zip(model, random))
        worse |= statistics.median(model) > long
        print(f"| {example} | {short:.5g} | {long:.5g} | {statistics.median(model):.5g} | {ahead} of {arguments.seeds} |",
              flush=True)
    return int(worse)


def best_after(values, count):
    return min(values[:count])


def trials_to(values, goal):
    """The number of trials after which the goal is reached, or one more than there were."""
    return next((number for number, value in enumerate(values, 1) if value <= goal), len(values) + 1)


def read(path):
    """What earlier calls wrote: values by example, strategy, options and seed."""
    known = {}
    if path and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                run = json.loads(line)
                key = (run["example"], run["strategy"], tuple(run["options"]), run["seed"])
                known[key] = [math.inf if value is None else value for value in run["values"]]
    return known


class Measurement:
    """Makes runs, or finds them among what was measured earlier."""

    def __init__(self, arguments):
        self.arguments, self.known = arguments, read(arguments.runs)

    def values(self, example, strategy, options, trials):
        """The values of one run of each seed; each run is a process, and a thread waits for it."""
        def one(seed):
            key = (example, strategy, tuple(options), seed)
            if len(self.known.get(key, [])) < trials:
                self.keep(key, values_of(example, strategy, seed, trials, options, self.arguments.config))
            return self.known[key][:trials]

        with concurrent.futures.ThreadPoolExecutor(self.arguments.jobs) as pool:
            return list(pool.map(one, range(1, self.arguments.seeds + 1)))

    def keep(self, key, values):
        earlier = self.known.get(key, [])
        if values[:len(earlier)] != earlier:
            raise ValueError(f"{key}: other values than in {len(earlier)} trials before")
        self.known[key] = values
        if self.arguments.runs:
            example, strategy, options, seed = key
            finite = [value if math.isfinite(value) else None for value in values]
            line = json.dumps({"example": example, "strategy": strategy, "options": options, "seed": seed,
                               "values": finite})
            with open(self.arguments.runs, "a", encoding="utf-8") as file:
                file.write(line + "\n")

    def of(self, example):
        """Values of random search and of the strategy, and the goal."""
        subprocess.run(["make", "-s", "-C", os.path.join(EXAMPLES, example)], check=True)
        random = self.values(example, "random", [], TRIALS)
        goal = statistics.median(best_after(values, TRIALS) for values in random)
        wanted = (example, self.arguments.strategy, self.arguments.option)
        model = self.values(*wanted, WANTED)
        if sum(best_after(values, WANTED) <= goal for values in model) * 2 <= len(model):
            model = self.values(*wanted, TRIALS)
        return random, model, goal


def median(runs_of_seeds, count):
    return statistics.median(best_after(values, count) for values in runs_of_seeds)


def quartiles(model, goal):
    """25th, 50th and 75th percentile of the trials needed, `>40` where a run never came there."""
    counts = sorted(trials_to(values, goal) for values in model)
    limit = len(model[0])
    low, middle, high = statistics.quantiles(counts, n=4, method="inclusive")
    return middle, " / ".join(f"{value:.0f}" if value <= limit else f">{limit}" for value in (low, middle, high))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", default="svm,boosting,forest,network")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--strategy", default="bayesian")
    parser.add_argument("--option", action="append", default=[])
    parser.add_argument("--config", help="of every example; svm has no seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", type=int)
    parser.add_argument("--runs")
    parser.add_argument("--again", type=int, metavar="N")
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("wanted at least 2 seeds")
    if arguments.again:
        return compare_again(arguments)
    name = arguments.strategy
    print(f"Medians over {arguments.seeds} seeds of the best value, and the trials until random's median at {TRIALS} is"
          " reached. One trial at a time.\n")
    print(f"| example | random at 40 | at 80 | at 120 | {name} at 20 | at 40 | trials to reach random's 120: 25 % / "
          "median / 75 % |\n|---|---|---|---|---|---|---|", flush=True)
    measurement, slow = Measurement(arguments), []
    for example in arguments.examples.split(","):
        random, model, goal = measurement.of(example)
        needed, text = quartiles(model, goal)
        cells = [f"{median(random, count):.5g}" for count in (40, 80, 120)]
        cells += [f"{median(model, count):.5g}" for count in (20, 40)]
        print(f"| {example} | {' | '.join(cells)} | {text} |", flush=True)
        if arguments.check is not None and needed > arguments.check:
            slow.append(f"{example} needs {needed:.0f}")
    if slow:
        print(f"\n{name}: wanted at most {arguments.check} trials, but {', '.join(slow)}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
