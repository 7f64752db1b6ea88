"""What one parameter may be."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence, Union

#: Conditions: a parent and its choices, or a range of it. Several are and-ed.
When = Mapping[str, Union[Sequence[Any], Mapping[str, float]]]


@dataclass(frozen=True)
class FloatDistribution:
    """A float from low to high, both included; with a step, low + k * step; with log, even in its logarithm."""

    low: float
    high: float
    step: Optional[float] = None
    log: bool = False
    when: Optional[When] = None

    def description(self) -> dict[str, Any]:
        """The distribution as space JSON."""
        written: dict[str, Any] = {"type": "float", "low": float(self.low), "high": float(self.high)}
        if self.step is not None:
            written["step"] = float(self.step)
        return _conditioned(written, self.log, self.when)


@dataclass(frozen=True)
class IntDistribution:
    """An int from low to high, both included."""

    low: int
    high: int
    step: int = 1
    log: bool = False
    when: Optional[When] = None

    def description(self) -> dict[str, Any]:
        """The distribution as space JSON."""
        written: dict[str, Any] = {"type": "int", "low": operator.index(self.low), "high": operator.index(self.high)}
        if operator.index(self.step) != 1:
            written["step"] = operator.index(self.step)
        return _conditioned(written, self.log, self.when)


@dataclass(frozen=True)
class CategoricalDistribution:
    """One of some choices, each None, a bool, int, float or str; ordered where their order has a meaning."""

    choices: Sequence[Any]
    ordered: bool = False
    when: Optional[When] = None

    def description(self) -> dict[str, Any]:
        """The distribution as space JSON."""
        written: dict[str, Any] = {"type": "categorical", "choices": list(self.choices)}
        if self.ordered:
            written["ordered"] = True
        return _conditioned(written, False, self.when)


@dataclass(frozen=True)
class FixedDistribution:
    """Always one value."""

    value: Any
    when: Optional[When] = None

    def description(self) -> dict[str, Any]:
        """The distribution as space JSON."""
        return _conditioned({"type": "fixed", "value": self.value}, False, self.when)


Distribution = Union[FloatDistribution, IntDistribution, CategoricalDistribution, FixedDistribution]


def _conditioned(written: dict[str, Any], log: bool, when: Optional[When]) -> dict[str, Any]:
    if log:
        written["log"] = True
    if when is not None:
        written["when"] = {
            parent: dict(wanted) if isinstance(wanted, Mapping) else list(wanted) for parent, wanted in when.items()
        }
    return written
