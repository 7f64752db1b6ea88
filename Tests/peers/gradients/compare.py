"""Attune's strategy `gradient` beside NLopt's LD_LBFGS and MLSL: evaluations of value and gradient to 1e-6.

    python compare.py [--starts N] [--limit N] [--write FILE] [PROBLEM ...]

Each problem is started at its authors' point and at others drawn evenly from its box, the same for all. LD_LBFGS begins anew
at a drawn point when it stops short of the minimum, and MLSL when a line search of its fails, which ends it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Callable

import nlopt
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Sources" / "python"))

import libattune  # noqa: E402
from mixed import mixed_table  # noqa: E402
from problems import PROBLEMS, Problem  # noqa: E402

TARGET = 1e-6


class Counted:
    """A problem that counts its evaluations up to the target."""

    def __init__(self, problem: Problem, limit: int) -> None:
        self.problem, self.limit, self.count, self.best = problem, limit, 0, np.inf

    @property
    def is_over(self) -> bool:
        return self.best <= TARGET or self.count >= self.limit

    def __call__(self, x: np.ndarray, gradient: np.ndarray) -> float:
        value, slopes = self.problem.function(np.asarray(x))
        if not self.is_over:
            self.count += 1
            self.best = min(self.best, value)
        if gradient.size:
            gradient[:] = slopes
        return value


def lbfgs(counted: Counted, start: np.ndarray, seed: int) -> None:
    local = _optimizer(nlopt.LD_LBFGS, counted)
    local.set_ftol_rel(1e-12)
    _again_and_again(local, start, counted, seed)


def mlsl(counted: Counted, start: np.ndarray, seed: int) -> None:
    nlopt.srand(seed)
    search = _optimizer(nlopt.G_MLSL_LDS, counted)
    local = nlopt.opt(nlopt.LD_LBFGS, len(start))
    local.set_ftol_rel(1e-9)
    search.set_local_optimizer(local)
    _again_and_again(search, start, counted, seed)


def _again_and_again(optimizer: nlopt.opt, start: np.ndarray, counted: Counted, seed: int) -> None:
    """Until the target, from points drawn after the first."""
    draw = np.random.default_rng(1000 + seed)
    while not counted.is_over:
        try:
            optimizer.optimize(start)
        except (nlopt.runtime_error, nlopt.RoundoffLimited):
            pass  # It ends so where a line search finds nothing better.
        start = draw.uniform(counted.problem.low, counted.problem.high)


def _optimizer(algorithm: int, counted: Counted) -> nlopt.opt:
    optimizer = nlopt.opt(algorithm, len(counted.problem.start))
    optimizer.set_lower_bounds(counted.problem.low)
    optimizer.set_upper_bounds(counted.problem.high)
    optimizer.set_min_objective(counted)
    optimizer.set_maxeval(counted.limit)
    optimizer.set_stopval(TARGET)
    return optimizer


def attune(counted: Counted, start: np.ndarray, seed: int) -> None:
    problem = counted.problem
    space = {
        f"x{i}": libattune.FloatDistribution(low, high) for i, (low, high) in enumerate(zip(problem.low, problem.high))
    }
    gradient = np.zeros(len(start))
    with libattune.Study(space, strategy="gradient", seed=seed) as study:
        study.enqueue_trial({name: float(x) for name, x in zip(space, start)})
        while not counted.is_over:
            trial = study.ask()
            value = counted(np.array([trial.params[name] for name in space]), gradient)
            study.tell(trial, value, gradient=gradient)


ENGINES: dict[str, Callable[[Counted, np.ndarray, int], None]] = {
    "Attune `gradient`": attune, "LD_LBFGS": lbfgs, "MLSL-LDS": mlsl,
}  # fmt: skip


def evaluations(problem: Problem, engine: str, seed: int, limit: int) -> float:
    """How many evaluations reach the target; infinite when the limit does not."""
    counted = Counted(problem, limit)
    draw = np.random.default_rng(seed)
    start = np.array(problem.start, float) if seed == 0 else draw.uniform(problem.low, problem.high)
    ENGINES[engine](counted, start, seed)
    return counted.count if counted.best <= TARGET else np.inf


def text(count: float) -> str:
    return "-" if np.isinf(count) else f"{count:.0f}"


def smooth_table(names: list[str], starts: int, limit: int) -> list[str]:
    """Markdown: the evaluations from the authors' start, and the median over all starts."""
    lines = [
        "| problem | " + " | ".join(f"{engine}: start, median" for engine in ENGINES) + " | fewest |",
        "|---|" + "---:|" * len(ENGINES) + "---|",
    ]
    leads = count = 0
    for problem in PROBLEMS:
        if names and problem.name not in names:
            continue
        found = {engine: [evaluations(problem, engine, seed, limit) for seed in range(starts)] for engine in ENGINES}
        medians = {engine: float(np.median(counts)) for engine, counts in found.items()}
        least = min(medians.values())
        leads += np.isfinite(least) and medians["Attune `gradient`"] <= least
        count += 1
        cells = [f"{text(found[engine][0])}, **{text(medians[engine])}**" for engine in ENGINES]
        fewest = ", ".join(engine for engine in ENGINES if medians[engine] == least) if np.isfinite(least) else "-"
        lines.append(f"| {problem.name} | {' | '.join(cells)} | {fewest} |")
        print(lines[-1], flush=True)
    return lines + ["", f"`gradient` needs as few as the better of both on {leads} of {count}."]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", nargs="*", help="names; without, all")
    parser.add_argument("--starts", type=int, default=11)
    parser.add_argument("--limit", type=int, default=4000)
    parser.add_argument("--write", type=Path, help="a file for the tables")
    arguments = parser.parse_args()
    if unknown := set(arguments.problems) - {problem.name for problem in PROBLEMS}:
        parser.error(f"problem is {sorted(unknown)[0]!r}, wanted one of {', '.join(p.name for p in PROBLEMS)}")
    lines = smooth_table(arguments.problems, arguments.starts, arguments.limit)
    print(lines[-1])
    lines += [""] + mixed_table(arguments.starts)
    if arguments.write:
        head = Path(__file__).with_name("HEAD.md").read_text()
        arguments.write.write_text(head.replace("$VERSION", nlopt.__version__) + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
