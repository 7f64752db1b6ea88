"""What gradients bring the strategies `bayesian` and `gp`: evaluations to a target with and without them.

    python bayesian.py [--seeds N] [--limit N] [--strategies NAME,...] [--write FILE] [PROBLEM ...]
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Callable, Mapping

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "Sources" / "python"))

import libattune  # noqa: E402
import mixed_problems  # noqa: E402
import problems  # noqa: E402

TARGETS = (1e-2, 1e-6)

Function = Callable[[Mapping[str, Any]], "tuple[float, dict[str, float]]"]


def smooth(problem: problems.Problem) -> tuple[dict[str, Any], Function]:
    """A problem as a space of named parameters, and a function of them."""
    names = [f"x{i}" for i in range(len(problem.low))]
    space = {
        name: libattune.FloatDistribution(low, high) for name, low, high in zip(names, problem.low, problem.high)
    }

    def function(params: Mapping[str, Any]) -> tuple[float, dict[str, float]]:
        value, slopes = problem.function(np.array([params[name] for name in names]))
        return value, dict(zip(names, map(float, slopes)))

    return space, function


def spread(n: int) -> Function:
    """A bent bowl whose axes differ by a factor of 30: as losses of smooth models are."""

    def function(params: Mapping[str, Any]) -> tuple[float, dict[str, float]]:
        x = np.array([params[f"x{i}"] for i in range(n)]) - np.linspace(-0.4, 0.5, n)
        scale = 30 ** np.linspace(0, 1, n)
        inner = float(x @ (scale * x))
        return math.log1p(inner), {f"x{i}": float(2 * s * d / (1 + inner)) for i, (s, d) in enumerate(zip(scale, x))}

    return function


def all_problems() -> dict[str, tuple[dict[str, Any], Function]]:
    wanted = ["Rosenbrock 2", "Beale", "Wood", "Powell singular", "Levy 5", "Trigonometric 10", "Rosenbrock 10"]
    smooths = {problem.name: smooth(problem) for problem in problems.PROBLEMS}
    found = {name: smooths[name] for name in wanted}
    for n in (3, 6, 10):
        found[f"bent bowl {n}"] = ({f"x{i}": libattune.FloatDistribution(-1, 1) for i in range(n)}, spread(n))
    found |= {problem.name: (problem.space, problem.function) for problem in mixed_problems.PROBLEMS}
    return found


def run(
    space: Any, function: Function, strategy: str, seed: int, limit: int, has_gradients: bool
) -> tuple[list[float], float]:
    """Evaluations to each target, infinite where the limit does not do; milliseconds of processor time an ask."""
    counts, spent = [math.inf] * len(TARGETS), 0.0
    with libattune.Study(space, strategy=strategy, seed=seed) as study:
        for count in range(1, limit + 1):
            start = time.process_time()
            trial = study.ask()
            spent += time.process_time() - start
            value, gradient = function(trial.params)
            counts = [min(old, count) if value <= target else old for old, target in zip(counts, TARGETS)]
            if value <= TARGETS[-1]:
                break
            study.tell(trial, value, gradient=gradient if has_gradients else None)
    return counts, 1e3 * spent / count


def cell(runs: list[tuple[list[float], float]], limit: int) -> str:
    medians = [statistics.median(counts[i] for counts, _ in runs) for i in range(len(TARGETS))]
    texts = [f"> {limit}" if math.isinf(median) else f"{median:.0f}" for median in medians]
    return f"{texts[0]}, {texts[1]} ({statistics.mean(ms for _, ms in runs):.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", nargs="*", help="names; without, all")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--strategies", default="bayesian")
    parser.add_argument("--write", type=Path, help="a file for the table")
    arguments = parser.parse_args()
    known = all_problems()
    if unknown := set(arguments.problems) - set(known):
        parser.error(f"problem is {sorted(unknown)[0]!r}, wanted one of {', '.join(known)}")
    strategies = arguments.strategies.split(",")
    lines = [
        "| problem | " + " | ".join(f"`{name}`, gradients | without" for name in strategies) + " |",
        "|---|" + "---:|" * (2 * len(strategies)),
    ]
    print("\n".join(lines), flush=True)
    for name in arguments.problems or known:
        space, function = known[name]
        cells = [
            cell([run(space, function, strategy, seed, arguments.limit, has) for seed in range(arguments.seeds)], arguments.limit)
            for strategy in strategies for has in (True, False)
        ]  # fmt: skip
        lines.append(f"| {name} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    if arguments.write:
        head = f"""# Gradients in `bayesian` and `gp`

Written by `Tests/peers/gradients/bayesian.py --write`; do not edit. Evaluations until a value of 1e-2 or less, and of 1e-6 or
less (all minima are 0): the medians over {arguments.seeds} seeds of at most {arguments.limit} trials each. In parentheses the processor time of an
ask in milliseconds. "Without" are the same studies with no gradient told.

Problems: {", ".join(arguments.problems) or "all"}.
"""
        arguments.write.write_text(head + "\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
