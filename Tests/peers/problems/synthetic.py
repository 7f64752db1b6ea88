"""Suite A: synthetic functions with shifted optima, mixed and logarithmic spaces, one with noise."""
import math
import random
import zlib

import numpy as np

from problems.problem import Problem
from space import box, choice, real, whole


def _vector(p, d):
    return np.array([p[f"x{i}"] for i in range(d)])


def _shift(name, d, half, fraction=0.3):
    """Where the optimum lies, fixed per problem: the centre of the box is no advantage."""
    rng = random.Random(zlib.crc32(name.encode()))
    return np.array([rng.uniform(-fraction, fraction) * half for _ in range(d)])


def _shifted(name, f, d, lo, hi):
    s = _shift(name, d, (hi - lo) / 2)
    return box(d, lo, hi), lambda p: f(_vector(p, d) - s)


def branin(x):
    b, c = 5.1 / (4 * math.pi ** 2), 5 / math.pi
    return (x[1] - b * x[0] ** 2 + c * x[0] - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


_HARTMANN_A = np.array([[10, 3, 17, 3.5, 1.7, 8], [.05, 10, 17, .1, 8, 14],
                        [3, 3.5, 1.7, 10, 17, 8], [17, 8, .05, 10, .1, 14]])
_HARTMANN_P = 1e-4 * np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
                               [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]])
_HARTMANN_OPTIMUM = -3.322368011415515


def hartmann6(x):
    return -float(np.dot([1.0, 1.2, 3.0, 3.2], np.exp(-np.sum(_HARTMANN_A * (x - _HARTMANN_P) ** 2, axis=1))))


def ackley(x):
    return float(-20 * np.exp(-0.2 * np.sqrt(np.mean(x ** 2))) - np.exp(np.mean(np.cos(2 * np.pi * x))) + 20 + np.e)


def rosenbrock(x):
    return float(np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2))


def griewank(x):
    return float(np.sum(x ** 2) / 4000 - np.prod(np.cos(x / np.sqrt(np.arange(1, len(x) + 1)))) + 1)


def _mixed5(p):
    """Two floats (one logarithmic), an int and two choices that interact; the optimum is 0."""
    off = {"a": 0.0, "b": 0.6, "c": 1.1, "d": 0.3}[p["alg"]]
    centre = {"a": 1.7, "b": -3.0, "c": 0.5, "d": 3.5}[p["alg"]]
    rate = math.log10(p["lr"])
    best_rate = {"x": -1.3, "y": -0.2, "z": 0.8}[p["opt"]]
    k = abs(p["k"] - {"a": 13, "b": 4, "c": 8, "d": 18}[p["alg"]]) / 20
    return (off + 0.08 * (p["x"] - centre) ** 2 + 0.5 * (rate - best_rate) ** 2 + 2.0 * k ** 1.5
            + {"x": 0.0, "y": 0.15, "z": 0.4}[p["opt"]])


def _log4(p):
    """A valley as learning rates have it: a plateau of divergence above a critical rate, slow below."""
    a, b = math.log10(p["lr"]), math.log10(p["wd"])
    c, d = math.log10(p["eps"]), math.log10(p["batch"])
    critical = -1.2 + 0.5 * (d - 1.5)
    v = 0.35 * (a - critical + 0.9) ** 2 if a < critical else 2.5 + 0.1 * (a - critical)
    return v + 0.12 * (b + 4.1 + 0.4 * (a + 2.1)) ** 2 + 0.02 * (c + 7) ** 2 + 0.15 * (d - 1.9) ** 2


PROBLEMS = {p.name: (lambda p=p: p) for p in [
    Problem("A/branin", [real("x0", -5, 10), real("x1", 0, 15)], lambda p: branin(_vector(p, 2)), 0.39788735772973816),
    Problem("A/hartmann6", box(6, 0, 1), lambda p: hartmann6(_vector(p, 6)), _HARTMANN_OPTIMUM),
    Problem("A/ackley10", *_shifted("ackley10", ackley, 10, -32.768, 32.768), 0.0),
    Problem("A/rosenbrock8", *_shifted("rosenbrock8", rosenbrock, 8, -5, 10), 0.0),
    Problem("A/griewank5", *_shifted("griewank5", griewank, 5, -600, 600), 0.0),
    Problem("A/mixed5", [real("x", -5, 5), real("lr", 1e-4, 1e2, True), whole("k", 1, 20), choice("alg", "abcd"),
                         choice("opt", "xyz")], _mixed5, 0.0),
    Problem("A/log4", [real("lr", 1e-6, 1, True), real("wd", 1e-8, 1e-1, True), real("eps", 1e-10, 1e-3, True),
                       whole("batch", 8, 1024, True)], _log4),
    Problem("A/noisy_hartmann6", box(6, 0, 1), lambda p: hartmann6(_vector(p, 6)), _HARTMANN_OPTIMUM, noise=0.2),
]}
