"""cmaes_bbob.py [OPTION...]: Attune's strategy cmaes beside the package cmaes on the 24 functions of BBOB.

Both get 1,000 evaluations a dimension, a box of -5 to 5, the middle as the first mean, a first deviation of a fifth of
the range, and restarts by BIPOP: the package as its README does it, with its own stop rules. What counts are the 51
targets 10^2, 10^1.8 ... 10^-8 above the minimum that a run hits, and the processor time of ask and tell alone; Attune's
includes the calls through the C ABI from Python. Needs ATTUNE_LIB, and the environment `base` of environments.sh.
"""
import argparse
import math
import statistics
import time

import ioh
import numpy as np
from cmaes import CMA

import adapters.attune_adapter as attune
from space import box

TARGETS = [10 ** (2 - 0.2 * step) for step in range(51)]
REACHED = 1e-9                                   # below the last target nothing is left to hit


class Run:
    """Evaluates a function, and keeps the best value and the time that passes outside of it."""

    def __init__(self, function, instance, dimensions):
        self.problem = ioh.get_problem(function, instance, dimensions, ioh.ProblemClass.BBOB)
        self.minimum, self.budget = float(self.problem.optimum.y), 1000 * dimensions
        self.best, self.early, self.count, self.inside = math.inf, math.inf, 0, 0.0

    def __call__(self, x):
        start = time.process_time()
        value = self.problem(x)
        self.best = min(self.best, value - self.minimum)
        self.count += 1
        if self.count <= self.budget // 10:
            self.early = self.best
        self.inside += time.process_time() - start
        return value

    @property
    def is_over(self):
        return self.count >= self.budget or self.best <= REACHED

    @property
    def targets(self):
        """How many targets it hit, and how many by a tenth of the evaluations."""
        return [sum(best <= target for target in TARGETS) for best in (self.best, self.early)]


def run_attune(run, dimensions, seed):
    strategy = attune.Attune_cmaes(box(dimensions, -5, 5), seed, run.budget)
    while not run.is_over:
        params = strategy.ask()
        strategy.tell(params, run(list(params.values())))


def run_package(run, dimensions, seed):
    random, bounds = np.random.RandomState(seed), np.array([[-5.0, 5.0]] * dimensions)
    search = CMA(mean=np.zeros(dimensions), sigma=2.0, bounds=bounds, seed=seed)
    first, doublings, restarts, spent, kind = search.population_size, 0, 0, {"small": 0, "large": 0}, "small"
    while not run.is_over:
        solutions = []
        for _ in range(search.population_size):
            x = search.ask()
            solutions.append((x, run(x)))
            if run.is_over:
                return
        search.tell(solutions)
        if search.should_stop():
            spent[kind] += search.population_size * search.generation
            if spent["small"] < spent["large"]:
                kind, size = "small", math.floor(first * (2 ** doublings) ** (random.uniform() ** 2))
            else:
                kind, doublings = "large", doublings + 1
                size = first * 2 ** doublings
            restarts += 1
            search = CMA(mean=random.uniform(-5, 5, dimensions), sigma=2.0, bounds=bounds,
                         seed=seed * 1000 + restarts, population_size=size)


ENGINES = {"Attune cmaes": run_attune, "package cmaes": run_package}


def measure(engine, dimensions, instances):
    """For each function the mean numbers of targets hit, and the microseconds of a trial."""
    hit, times = [], []
    for function in range(1, 25):
        runs = []
        for instance in instances:
            run = Run(function, instance, dimensions)
            start = time.process_time()
            ENGINES[engine](run, dimensions, instance)
            times.append((time.process_time() - start - run.inside) / run.count * 1e6)
            runs.append(run.targets)
        hit.append([statistics.mean(counts) for counts in zip(*runs)])
    return hit, statistics.median(times)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dimensions", default="5,20")
    parser.add_argument("--instances", type=int, default=5)
    options = parser.parse_args()
    instances = range(1, options.instances + 1)
    print("| dimensions | engine | targets hit of 1,224 | by a tenth of the evaluations | all of how many functions"
          " | µs of ask and tell |")
    print("|---|---|---|---|---|---|")
    for dimensions in map(int, options.dimensions.split(",")):
        for engine in ENGINES:
            hit, microseconds = measure(engine, dimensions, instances)
            solved = sum(count == len(TARGETS) for count, _ in hit)
            sums = " | ".join(f"{sum(counts):.0f}" for counts in zip(*hit))
            print(f"| {dimensions} | {engine} | {sums} | {solved} | {microseconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
