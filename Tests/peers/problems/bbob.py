"""Suite B: functions of BBOB (COCO's black-box benchmark) as the package ioh has them, in 5, 10 and 20 dimensions."""
from problems.problem import Problem
from space import box

_FUNCTIONS = [(3, 1, 5), (8, 2, 10), (12, 3, 5), (15, 1, 10), (21, 2, 5), (7, 1, 20)]   # function, instance, dimensions


def _problem(name, function, instance, d):
    import ioh
    f = ioh.get_problem(function, instance, d, ioh.ProblemClass.BBOB)
    return Problem(name, box(d, -5, 5), lambda p: f([p[f"x{i}"] for i in range(d)]), float(f.optimum.y))


PROBLEMS = {f"B/f{f}_d{d}_i{i}": (lambda n=f"B/f{f}_d{d}_i{i}", f=f, i=i, d=d: _problem(n, f, i, d))
            for f, i, d in _FUNCTIONS}
