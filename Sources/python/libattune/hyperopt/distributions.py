"""Hyperopt's distributions: what a study searches for each, and how its value and Hyperopt's follow from each other."""

from __future__ import annotations

import bisect
import itertools
import math
from statistics import NormalDist
from typing import Any, Callable, Mapping, Optional, Sequence

from ..distributions import CategoricalDistribution, Distribution, FloatDistribution, IntDistribution

#: A quantile's range: a normal distribution has no ends.
_ALMOST = 1e-9


class Mapped:
    """One hyperparameter: the parameter of the study, and the two ways between their values."""

    def __init__(
        self,
        parameter: Distribution,
        value: Callable[[Any], Any] = lambda found: found,
        found: Callable[[Any], Any] = lambda value: value,
        bins: Optional[Sequence[float]] = None,
    ) -> None:
        self.parameter, self.value, self.found = parameter, value, found
        self._bins = bins

    def condition(self, indices: Sequence[int]) -> Any:
        """The condition of another parameter that this one, a choice, has one of some indices."""
        if self._bins is None:
            return sorted(indices)
        return {"low": self._bins[min(indices)], "high": self._bins[max(indices) + 1]}


def mapped(label: str, node: Any, is_switch: bool) -> Mapped:
    """The hyperparameter of a node such as scope.uniform(low, high)."""
    make: Optional[Callable[[Mapping[str, Any]], Mapped]] = _MAKERS.get(node.name)
    if make is None:
        raise ValueError(f'hyperparameter "{label}" is scope.{node.name}, wanted one of {", ".join(sorted(_MAKERS))}')
    arguments = {name: _literal(label, node, name, arg) for name, arg in node.arg.items() if name not in ("rng", "size")}
    if node.name == "randint":
        return _randint(arguments, is_switch)
    return make(arguments)


def _literal(label: str, node: Any, name: str, argument: Any) -> Any:
    if getattr(argument, "name", "") == "pos_args":
        return [_literal(label, node, name, one) for one in argument.pos_args]
    if hasattr(argument, "obj"):
        return argument.obj
    if hasattr(argument, "name"):
        raise ValueError(f'hyperparameter "{label}": {name} of scope.{node.name} is scope.{argument.name}, wanted a number')
    return argument


def _uniform(of: Mapping[str, Any]) -> Mapped:
    return Mapped(FloatDistribution(of["low"], of["high"]), float, float)


def _loguniform(of: Mapping[str, Any]) -> Mapped:
    return Mapped(FloatDistribution(math.exp(of["low"]), math.exp(of["high"]), log=True), float, float)


def _quniform(of: Mapping[str, Any]) -> Mapped:
    q = of["q"]
    return Mapped(
        IntDistribution(round(of["low"] / q), round(of["high"] / q)),
        lambda found: float(found * q),
        lambda value: round(value / q),
    )


def _quantized(inner: Mapped, q: float) -> Mapped:
    return Mapped(inner.parameter, lambda found: float(round(inner.value(found) / q) * q), inner.found)


def _qloguniform(of: Mapping[str, Any]) -> Mapped:
    inner = _loguniform(of)
    low, high = inner.parameter.low, inner.parameter.high  # type: ignore[union-attr]
    rounded = _quantized(inner, of["q"])
    # What was rounded may lie outside.
    return Mapped(inner.parameter, rounded.value, lambda value: min(max(float(value), low), high))


def _normal(of: Mapping[str, Any]) -> Mapped:
    normal = NormalDist(of["mu"], of["sigma"])
    return Mapped(
        FloatDistribution(_ALMOST, 1 - _ALMOST), normal.inv_cdf,
        lambda value: min(max(normal.cdf(value), _ALMOST), 1 - _ALMOST),
    )  # fmt: skip


def _lognormal(of: Mapping[str, Any]) -> Mapped:
    inner = _normal(of)
    return Mapped(
        inner.parameter, lambda found: math.exp(inner.value(found)),
        lambda value: inner.found(math.log(value)) if value > 0 else _ALMOST,
    )  # fmt: skip


def _randint(of: Mapping[str, Any], is_switch: bool) -> Mapped:
    low, high = of["low"], of.get("high")
    if high is None or not isinstance(high, int):
        low, high = 0, low
    if is_switch:
        return Mapped(CategoricalDistribution(list(range(low, high))), int, int)
    return Mapped(IntDistribution(low, high - 1), int, int)


def _categorical(of: Mapping[str, Any]) -> Mapped:
    """A choice with probabilities: a number of which each option has its share."""
    weights = [float(weight) for weight in of["p"]]
    total = sum(weights)
    ends = [0.0, *itertools.accumulate(weight / total for weight in weights)]
    ends[-1] = 1.0
    return Mapped(
        FloatDistribution(0, 1),
        lambda found: min(max(bisect.bisect_right(ends, found) - 1, 0), len(weights) - 1),
        lambda value: (ends[int(value)] + ends[int(value) + 1]) / 2,
        ends,
    )


_MAKERS: dict[str, Any] = {
    "uniform": _uniform,
    "loguniform": _loguniform,
    "quniform": _quniform,
    "qloguniform": _qloguniform,
    "normal": _normal,
    "qnormal": lambda of: _quantized(_normal(of), of["q"]),
    "lognormal": _lognormal,
    "qlognormal": lambda of: _quantized(_lognormal(of), of["q"]),
    "randint": _randint,
    "categorical": _categorical,
}
