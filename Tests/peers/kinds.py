"""Kinds of problems that cut across the suites, told from their spaces and noise."""
import problems


def _choices(problem):
    return sum(p["type"] == "cat" for p in problem.space)


KINDS = {
    "noisy": lambda problem: problem.noise > 0,
    "mixed": lambda problem: 0 < _choices(problem) < len(problem.space),
    "categorical": lambda problem: 3 * _choices(problem) >= len(problem.space),
    "20 dimensions": lambda problem: len(problem.space) >= 20,
}
MEANING = {
    "noisy": "values with noise",
    "mixed": "choices beside numbers",
    "categorical": "at least a third of the parameters are choices",
    "20 dimensions": "20 parameters or more",
}


def by_kind(names):
    """kind -> those of the problems called names that are of it, for the kinds there are."""
    found = {kind: [n for n in names if holds(problems.get(n))] for kind, holds in KINDS.items()}
    return {kind: chosen for kind, chosen in found.items() if chosen}
