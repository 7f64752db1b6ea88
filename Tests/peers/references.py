"""What regret is measured by: each problem's optimum and the medians of random search (recorded/references.json)."""
import json
import math
import random

import problems
from engine_process import significant
from space import from_unit, sample

AT = (10, 25, 50, 100, 200)
REPEATS, POOL = 300, 400


def _traces(problem, rng):
    """Best so far of many random searches of 200 trials. Training is costly: there one pool is resampled."""
    if problem.suite == "D":
        pool = [problem.evaluate(sample(problem.space, rng))[1] for _ in range(POOL)]
        searches = [[(pool[i],) * 2 for i in rng.sample(range(POOL), 200)] for _ in range(POOL)]
    else:
        searches = [[problem.evaluate(sample(problem.space, rng), 10_000 + s, t) for t in range(200)]
                    for s in range(REPEATS)]
    for search in searches:
        best, trace = (math.inf, math.inf), []
        for pair in search:
            best = min(best, pair)
            trace.append(best[1])       # with noise: the true value of the best observed
        yield trace


def _optimum(problem, traces):
    """(value, how it is known)"""
    if problem.optimum is not None:
        return problem.optimum, "table minimum" if problem.suite == "C" else "known"
    if problem.suite != "A":
        return min(min(t) for t in traces), "best seen"
    from scipy.optimize import differential_evolution
    return min(differential_evolution(lambda u: problem.evaluate(from_unit(problem.space, u))[1],
                                      [(0, 1)] * len(problem.space), seed=s, maxiter=600, tol=1e-12).fun
               for s in range(3)), "numerical"


def write(names, path):
    """Computes the references of problems (suite D: minutes) and writes them to path."""
    references = json.loads(path.read_text()) if path.exists() else {}
    for name in names:
        problem = problems.get(name)
        traces = list(_traces(problem, random.Random(12345)))
        medians = {str(n): significant(sorted(t[n - 1] for t in traces)[len(traces) // 2]) for n in AT}
        optimum, how = _optimum(problem, traces)
        references[name] = {"optimum": significant(optimum, 12), "how": how, "random_median": medians}
        print(f"{name:34s} optimum {optimum:.6g} ({how}), random search at 100: {medians['100']:.6g}", flush=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(references, indent=1) + "\n")
    return 0
