"""Mixed problems by Attune, and by NLopt, which can only be run in each branch in turn."""

from __future__ import annotations

import itertools
import math
from typing import Any, Mapping

import libattune
import nlopt
import numpy as np
from libattune import CategoricalDistribution, FloatDistribution, IntDistribution
from mixed_problems import PROBLEMS, Mixed

TARGET = 1e-6
LIMIT = 2000


def _attune(problem: Mixed, strategy: str, seed: int, limit: int) -> float:
    with libattune.Study(problem.space, strategy=strategy, seed=seed) as study:
        for count in range(1, limit + 1):
            trial = study.ask()
            value, gradient = problem.function(trial.params)
            if value <= TARGET:
                return count
            study.tell(trial, value, gradient=gradient)
    return math.inf


def _branches(problem: Mixed) -> list[dict[str, Any]]:
    """Every combination of what is no float."""
    names, levels = [], []
    for name, one in problem.space.items():
        if isinstance(one, CategoricalDistribution):
            levels.append(list(one.choices))
        elif isinstance(one, IntDistribution):
            levels.append(list(range(one.low, one.high + 1)))
        else:
            continue
        names.append(name)
    found = {}
    for chosen in itertools.product(*levels):
        branch = dict(zip(names, chosen))
        active = {n: v for n, v in branch.items() if _is_active(problem.space[n], branch)}
        found[repr(active)] = active
    return list(found.values())


def _is_active(one: Any, branch: Mapping[str, Any]) -> bool:
    return all(branch[parent] in values for parent, values in (one.when or {}).items())


def _nlopt(problem: Mixed, seed: int, limit: int) -> float:
    """LD_LBFGS in each branch in turn, in an order drawn, from a point drawn; again until the target."""
    draw = np.random.default_rng(seed)
    count = 0
    reached = False
    while count < limit:
        branches = _branches(problem)
        for place in draw.permutation(len(branches)):
            branch = branches[place]
            floats = {
                name: one for name, one in problem.space.items()
                if isinstance(one, FloatDistribution) and _is_active(one, branch)
            }  # fmt: skip
            local = nlopt.opt(nlopt.LD_LBFGS, len(floats))
            # What NLopt users do with a logarithmic range: they search its logarithm.
            low = [math.log(one.low) if one.log else one.low for one in floats.values()]
            high = [math.log(one.high) if one.log else one.high for one in floats.values()]

            def evaluate(x: np.ndarray, slopes: np.ndarray, branch: Any = branch, floats: Any = floats, local: Any = local) -> float:
                nonlocal count, reached
                given = {
                    name: math.exp(value) if one.log else float(value) for (name, one), value in zip(floats.items(), x)
                }
                value, gradient = problem.function({**branch, **given})
                if slopes.size:
                    slopes[:] = [gradient[n] * (given[n] if one.log else 1) for n, one in floats.items()]
                count += 1
                reached = reached or value <= TARGET
                if reached or count >= limit:
                    local.force_stop()
                return value

            local.set_lower_bounds(low)
            local.set_upper_bounds(high)
            local.set_min_objective(evaluate)
            local.set_ftol_rel(1e-9)
            local.set_ftol_abs(1e-9)
            try:
                local.optimize(draw.uniform(low, high))
            except (nlopt.runtime_error, nlopt.ForcedStop, nlopt.RoundoffLimited):
                pass  # It ends so at a minimum to rounding, and when it is stopped.
            if reached:
                return count
            if count >= limit:
                break
    return math.inf


def mixed_table(starts: int) -> list[str]:
    """Markdown: the median of evaluations to the target."""
    engines = ["gradient", "bayesian", "tpe", "random"]
    lines = [
        "| mixed problem | branches | " + " | ".join(f"`{e}`" for e in engines) + " | LD_LBFGS in each branch in turn |",
        "|---|---:|" + "---:|" * (len(engines) + 1),
    ]
    for problem in PROBLEMS:
        cells = []
        for engine in engines:
            limit = LIMIT if engine == "gradient" else 300
            seeds = starts if engine == "gradient" else 5
            counts = [_attune(problem, engine, seed, limit) for seed in range(seeds)]
            median = float(np.median(counts))
            cells.append(f"> {limit}" if math.isinf(median) else f"{median:.0f}")
        counts = [_nlopt(problem, seed, LIMIT) for seed in range(starts)]
        median = float(np.median(counts))
        cells.append(f"> {LIMIT}" if math.isinf(median) else f"{median:.0f}")
        lines.append(f"| {problem.name} | {len(_branches(problem))} | {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return lines
