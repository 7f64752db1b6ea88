"""Problems with choices, whole numbers and conditions beside smooth parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Callable, Mapping

from libattune import CategoricalDistribution, FloatDistribution, IntDistribution


@dataclass(frozen=True)
class Mixed:
    """A function of named parameters, its minimum 0, with the derivatives by its floats."""

    name: str
    space: dict[str, Any]
    function: Callable[[Mapping[str, Any]], Any]


def _bowls(p: Mapping[str, Any]) -> Any:
    """Four narrow valleys, one a choice, with floors of 0 to 0.3 in other places."""
    order = {"rbf": 2, "poly": 0, "linear": 3, "sigmoid": 1}[p["kernel"]]
    x, y = p["x"] - 0.5 * order, p["y"] + 0.25 * order
    a, b = y - x * x, 1 - x
    return 100 * a * a + b * b + 0.1 * order, {"x": -400 * a * x - 2 * b, "y": 200 * a}


def _layers(p: Mapping[str, Any]) -> Any:
    """A whole number that the best place of four numbers depends on."""
    n = p["layers"]
    value, slopes = 0.05 * (n - 7) ** 2, {}
    for i in range(4):
        inner = p[f"x{i}"] - 0.1 * n - 0.2 * i
        value += (i + 1) * inner * inner + 0.5 * inner**4
        slopes[f"x{i}"] = 2 * (i + 1) * inner + 2 * inner**3
    return value, slopes


def _model(p: Mapping[str, Any]) -> Any:
    """Conditions and logarithms: of three models one is best, each has numbers of its own."""
    if p["model"] == "svm":
        c, g = math.log10(p["C"]) - 1.5, math.log10(p["gamma"]) + 2.5
        value = c * c + 0.5 * c * g + g * g
        ten = math.log(10)
        return value, {"C": (2 * c + 0.5 * g) / p["C"] / ten, "gamma": (2 * g + 0.5 * c) / p["gamma"] / ten}
    if p["model"] == "forest":
        a = p["share"] - 0.3
        return 0.2 + 0.02 * abs(p["depth"] - 5) + a * a, {"share": 2 * a}
    a = p["alpha"] - 2
    return 0.1 + (0.05 if p["penalty"] == "l1" else 0) + a * a, {"alpha": 2 * a}


def _lattice(p: Mapping[str, Any]) -> Any:
    """Five switches and a whole number, 320 branches, one of them best."""
    wanted = (1, 0, 1, 1, 0)
    misses = sum(p[f"s{i}"] != bool(w) for i, w in enumerate(wanted)) + 0.3 * abs(p["k"] - 6)
    x, y, z = p["x"] - 0.1 * p["k"], p["y"] - 0.5, p["z"] + 0.3
    value = 0.2 * misses + x * x + 10 * (y - x) ** 2 + 3 * z * z + z * x
    return value, {"x": 2 * x - 20 * (y - x) + z, "y": 20 * (y - x), "z": 6 * z + x}


_UNIT = FloatDistribution(-4, 4)
PROBLEMS = [
    Mixed("4 kernels, 2 numbers", {
        "kernel": CategoricalDistribution(["rbf", "poly", "linear", "sigmoid"]), "x": FloatDistribution(-3, 5), "y": _UNIT,
    }, _bowls),
    Mixed("12 layers, 4 numbers", {"layers": IntDistribution(1, 12), **{f"x{i}": _UNIT for i in range(4)}}, _layers),
    Mixed("3 models, conditional, logarithmic", {
        "model": CategoricalDistribution(["linear", "svm", "forest"]),
        "C": FloatDistribution(1e-3, 1e3, log=True, when={"model": ["svm"]}),
        "gamma": FloatDistribution(1e-5, 10, log=True, when={"model": ["svm"]}),
        "depth": IntDistribution(1, 10, when={"model": ["forest"]}),
        "share": FloatDistribution(0, 1, when={"model": ["forest"]}),
        "penalty": CategoricalDistribution(["l1", "l2"], when={"model": ["linear"]}),
        "alpha": FloatDistribution(0, 5, when={"model": ["linear"]}),
    }, _model),
    Mixed("5 switches, 10 levels, 3 numbers", {
        **{f"s{i}": CategoricalDistribution([False, True]) for i in range(5)}, "k": IntDistribution(1, 10),
        "x": _UNIT, "y": _UNIT, "z": _UNIT,
    }, _lattice),
]  # fmt: skip
