"""What pruners save on the boosting example, and what they cost in the best value found.

pruning.py [--pruners median,asha,...] [--pruner-option PRUNER:KEY=VALUE] [--strategy random] [--data breast_cancer.csv]
           [--seeds 20] [--trials 60] [--jobs CORES] [--check PRUNER,...] [--runs FILE]

For each seed the `attune` in PATH tunes examples-c/boosting without a pruner and with each pruner, one trial at a time,
with the same number of trials. The seed is also the example's, so that a point has one value within a seed, and both
sides of a pair look for the best point of the same objective. Rounds trained are counted from what trials reported;
the error is the value of the best COMPLETE trial. Intervals are of 95 %, by bootstrap over the seeds, of the mean share of
rounds saved and of the relative difference of the mean errors. (The mean of the relative differences would lie above 0
between two methods that are alike: a ratio gains more when its denominator is small than it loses when that is large.)

With `random` both sides try the same points: all that differs is what the pruner stops. A strategy that learns takes
another way from the first trial that is stopped; how far two ways end apart without any pruner, the row "none, other
seed" shows: the same objectives, and another seed of the strategy.

--check ends with 1 unless each pruner named saves 40 % of the rounds, and its error is at most 1 % above the one without,
both by the worse end of the interval. --runs keeps every run in a file of JSON lines, and reads from there what an earlier
call with the same library has measured.
"""
import argparse
import concurrent.futures
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples-c", "boosting")
PRUNERS = "median,percentile,patience,wilcoxon,successive_halving,asha,hyperband,curve"
SAVED, WORSE = 0.40, 0.01


def run_once(pruner, options, seed, other, arguments):
    """A run's trials in order, each as its rounds and its value, which only COMPLETE ones have."""
    with tempfile.TemporaryDirectory() as folder:
        storage = ["--storage", os.path.join(folder, "study.db"), "--study-name", "pruning"]
        command = ["attune", "run", os.path.join(EXAMPLE, "boosting.attune.so"), *storage, "--n-trials",
                   str(arguments.trials), "--seed", str(seed + other), "--strategy", arguments.strategy, "--pruner", pruner,
                   "--n-jobs", "1", "--progress", "none", "-f", "json", "--config",
                   json.dumps({"data": arguments.data, "seed": seed})]
        for option in options:
            command += ["--pruner-option", option]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        table = subprocess.run(["attune", "trials", *storage, "-f", "json"], check=True, capture_output=True,
                               text=True).stdout
    trials = sorted(json.loads(table), key=lambda trial: trial["number"])
    failed = [trial["number"] for trial in trials if trial["state"] not in ("COMPLETE", "PRUNED")]
    if len(trials) != arguments.trials or failed:
        raise ValueError(f"{pruner}, seed {seed}: {len(trials)} trials, {failed} of them neither COMPLETE nor PRUNED; "
                         f"wanted {arguments.trials}")
    return [[len(trial.get("intermediate", {})), trial["value"] if trial["state"] == "COMPLETE" else None]
            for trial in trials]


def read(path):
    """What earlier calls wrote, by all that a run depends on."""
    known = {}
    if path and os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                key, trials = json.loads(line)
                known[json.dumps(key)] = trials
    return known


def measure(pruner, arguments, known, other=0):
    """The runs of a pruner, one per seed, to which the strategy's adds `other`; a thread waits for each."""
    options = [option.split(":", 1)[1] for option in arguments.pruner_option if option.split(":", 1)[0] == pruner]

    def one(seed):
        key = [pruner, options, arguments.strategy, arguments.data, arguments.trials, seed, other]
        text = json.dumps(key)
        if text not in known:
            known[text] = run_once(pruner, options, seed, other, arguments)
            if arguments.runs:
                with open(arguments.runs, "a", encoding="utf-8") as file:
                    file.write(json.dumps([key, known[text]]) + "\n")
        return known[text]

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        return list(pool.map(one, range(1, arguments.seeds + 1)))


def rounds(run):
    return sum(trial[0] for trial in run)


def error(run):
    return min((trial[1] for trial in run if trial[1] is not None), default=math.inf)


def interval(values):
    """The mean of `values`, and the bounds that 95 % of the means of resampled ones lie between."""
    draw = random.Random(1)
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(10_000))
    return statistics.fmean(values), means[249], means[9_749]


def difference(errors, bases):
    """How far the mean error lies above the mean of `bases`, relatively, and the bounds of 95 % of resampled seeds."""
    draw = random.Random(1)
    pairs = list(zip(errors, bases))

    def relative(chosen):
        return sum(pair[0] for pair in chosen) / sum(pair[1] for pair in chosen) - 1

    shares = sorted(relative(draw.choices(pairs, k=len(pairs))) for _ in range(10_000))
    return relative(pairs), shares[249], shares[9_749]


def percent(triple):
    return "{:.1f} % ({:.1f} to {:.1f})".format(*(100 * value for value in triple))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pruners", default=PRUNERS)
    parser.add_argument("--pruner-option", action="append", default=[], metavar="PRUNER:KEY=VALUE")
    parser.add_argument("--strategy", default="random")
    parser.add_argument("--data", default="breast_cancer.csv")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--check", default="")
    parser.add_argument("--runs")
    arguments = parser.parse_args()
    if arguments.seeds < 2:
        parser.error("wanted at least 2 seeds")
    checked = [name for name in arguments.check.split(",") if name]
    pruners = [name for name in arguments.pruners.split(",") if name]
    pruners += [name for name in checked if name not in pruners]
    subprocess.run(["make", "-s", "-C", EXAMPLE], check=True)
    known, missed = read(arguments.runs), []
    print(f"{arguments.strategy}, {arguments.trials} trials, {arguments.data}, means over {arguments.seeds} seeds; in "
          "brackets intervals of 95 %.\n")
    print("| pruner | trials pruned | rounds | rounds saved | error | error against none |\n|---|---|---|---|---|---|")
    whole = measure("none", arguments, known)
    print(f"| none | 0 % | {statistics.fmean(map(rounds, whole)):.0f} | | {statistics.fmean(map(error, whole)):.5f} | |",
          flush=True)
    for name in ["none, other seed", *pruners]:
        pruned = measure(name, arguments, known) if name in pruners else measure("none", arguments, known, other=1000)
        saved = interval([1 - rounds(run) / rounds(base) for run, base in zip(pruned, whole)])
        worse = difference(list(map(error, pruned)), list(map(error, whole)))
        share = statistics.fmean(trial[1] is None for run in pruned for trial in run)
        print(f"| {name} | {100 * share:.0f} % | {statistics.fmean(map(rounds, pruned)):.0f} | {percent(saved)} "
              f"| {statistics.fmean(map(error, pruned)):.5f} | {percent(worse)} |", flush=True)
        if name in checked and (saved[1] < SAVED or worse[2] > WORSE):
            missed.append(name)
    for pruner in missed:
        print(f"\n{pruner}: wanted {SAVED:.0%} of the rounds saved or more and an error at most {WORSE:.0%} above none's, "
              "by the worse ends of the intervals")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
