"""Smooth functions with their derivatives, in boxes: J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained
optimization software", ACM TOMS 7, 1981, and the usual ones of global optimization. All minima are 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

Function = Callable[[np.ndarray], "tuple[float, np.ndarray]"]


@dataclass(frozen=True)
class Problem:
    """A function in a box, and where its authors start."""

    name: str
    function: Function
    low: Sequence[float]
    high: Sequence[float]
    start: Sequence[float]


def _squares(residuals: np.ndarray, jacobian: np.ndarray) -> tuple[float, np.ndarray]:
    return float(residuals @ residuals), 2 * jacobian.T @ residuals


def rosenbrock(x: np.ndarray) -> tuple[float, np.ndarray]:
    a, b = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * a * x[:-1] - 2 * b
    gradient[1:] += 200 * a
    return float(np.sum(100 * a**2 + b**2)), gradient


def beale(x: np.ndarray) -> tuple[float, np.ndarray]:
    powers = np.array([1, 2, 3])
    residuals = np.array([1.5, 2.25, 2.625]) - x[0] * (1 - x[1] ** powers)
    return _squares(residuals, np.stack([-(1 - x[1] ** powers), x[0] * powers * x[1] ** (powers - 1)], axis=1))


def wood(x: np.ndarray) -> tuple[float, np.ndarray]:
    a, b, c, d = x
    r90, r10, r01 = math.sqrt(90), math.sqrt(10), 1 / math.sqrt(10)
    residuals = [10 * (b - a * a), 1 - a, r90 * (d - c * c), 1 - c, r10 * (b + d - 2), r01 * (b - d)]
    rows = [
        [-20 * a, 10, 0, 0], [-1, 0, 0, 0], [0, 0, -2 * r90 * c, r90], [0, 0, -1, 0], [0, r10, 0, r10], [0, r01, 0, -r01],
    ]  # fmt: skip
    return _squares(np.array(residuals), np.array(rows))


def powell_singular(x: np.ndarray) -> tuple[float, np.ndarray]:
    a, b, c, d = x
    r5, r10 = math.sqrt(5), math.sqrt(10)
    residuals = [a + 10 * b, r5 * (c - d), (b - 2 * c) ** 2, r10 * (a - d) ** 2]
    rows = [
        [1, 10, 0, 0], [0, 0, r5, -r5], [0, 2 * (b - 2 * c), -4 * (b - 2 * c), 0],
        [2 * r10 * (a - d), 0, 0, -2 * r10 * (a - d)],
    ]  # fmt: skip
    return _squares(np.array(residuals), np.array(rows))


def brown(x: np.ndarray) -> tuple[float, np.ndarray]:
    residuals = np.array([x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2])
    return _squares(residuals, np.array([[1, 0], [0, 1], [x[1], x[0]]]))


def trigonometric(x: np.ndarray) -> tuple[float, np.ndarray]:
    n = len(x)
    order = np.arange(1, n + 1)
    residuals = n - np.cos(x).sum() + order * (1 - np.cos(x)) - np.sin(x)
    jacobian = np.tile(np.sin(x), (n, 1)) + np.diag(order * np.sin(x) - np.cos(x))
    return _squares(residuals, jacobian)


def dixon_price(x: np.ndarray) -> tuple[float, np.ndarray]:
    order = np.arange(2, len(x) + 1)
    inner = 2 * x[1:] ** 2 - x[:-1]
    gradient = np.zeros_like(x)
    gradient[0] = 2 * (x[0] - 1)
    gradient[1:] += order * 8 * inner * x[1:]
    gradient[:-1] -= order * 2 * inner
    return float((x[0] - 1) ** 2 + np.sum(order * inner**2)), gradient


def levy(x: np.ndarray) -> tuple[float, np.ndarray]:
    w = 1 + (x - 1) / 4
    gradient = np.zeros_like(x)
    value = math.sin(math.pi * w[0]) ** 2
    gradient[0] = math.pi * math.sin(2 * math.pi * w[0])
    inner, angle = w[:-1] - 1, math.pi * w[:-1] + 1
    value += np.sum(inner**2 * (1 + 10 * np.sin(angle) ** 2))
    gradient[:-1] += 2 * inner * (1 + 10 * np.sin(angle) ** 2) + inner**2 * 10 * math.pi * np.sin(2 * angle)
    last, angle = w[-1] - 1, 2 * math.pi * w[-1]
    value += last**2 * (1 + math.sin(angle) ** 2)
    gradient[-1] += 2 * last * (1 + math.sin(angle) ** 2) + last**2 * 2 * math.pi * math.sin(2 * angle)
    return float(value), gradient / 4


def griewank(x: np.ndarray) -> tuple[float, np.ndarray]:
    roots = np.sqrt(np.arange(1, len(x) + 1))
    cosines, sines = np.cos(x / roots), np.sin(x / roots)
    others = np.array([np.prod(np.delete(cosines, i)) for i in range(len(x))])
    return float(1 + x @ x / 4000 - np.prod(cosines)), x / 2000 + sines / roots * others


def _box(name: str, function: Function, n: int, low: float, high: float, start: Sequence[float]) -> Problem:
    return Problem(name, function, [low] * n, [high] * n, list(start))


PROBLEMS = [
    _box("Rosenbrock 2", rosenbrock, 2, -5, 10, [-1.2, 1]),
    _box("Rosenbrock 10", rosenbrock, 10, -5, 10, [-1.2, 1] * 5),
    _box("Beale", beale, 2, -4.5, 4.5, [1, 1]),
    _box("Wood", wood, 4, -10, 10, [-3, -1, -3, -1]),
    _box("Powell singular", powell_singular, 4, -4, 5, [3, -1, 0, 1]),
    Problem("Brown badly scaled", brown, [-1e7, -1e2], [1e7, 1e2], [1, 1]),
    _box("Trigonometric 10", trigonometric, 10, -math.pi, math.pi, [0.1] * 10),
    _box("Dixon-Price 10", dixon_price, 10, -10, 10, [1] * 10),
    _box("Levy 5", levy, 5, -10, 10, [-5] * 5),
    _box("Griewank 5", griewank, 5, -600, 600, [100, -200, 300, -100, 50]),
]
