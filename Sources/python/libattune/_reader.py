"""Reading a trial's parameters from the numbers of attune_trial_copy_params."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from .distributions import CategoricalDistribution, Distribution, FixedDistribution, FloatDistribution, IntDistribution

#: Beyond it a double does not hold every int.
_EXACT = 2**53


class ParameterReader:
    """The parameters of a declared space, as many numbers in its order."""

    def __init__(self, space: dict[str, Distribution]) -> None:
        self.count = len(space)
        self._names = list(space)
        self._readers = [_reader(name, distribution) for name, distribution in space.items()]
        self._is_unconditional = not any(one.when for one in space.values())
        #: What makes values of the numbers that are none themselves.
        self._conversions = [
            (name, _conversion(kind, table)) for name, kind, table in self._readers if kind is not FloatDistribution
        ]
        #: Whether the numbers say everything; otherwise the parameters are read as JSON.
        self.is_enough = not any(
            isinstance(one, IntDistribution) and max(abs(one.low), abs(one.high)) > _EXACT
            or isinstance(one, FixedDistribution) and one.when
            for one in space.values()
        )  # fmt: skip

    def decode(self, values: Sequence[float]) -> dict[str, Any]:
        """The active parameters."""
        params: dict[str, Any]
        if self._is_unconditional:
            params = dict(zip(self._names, values))
            for name, conversion in self._conversions:
                params[name] = conversion(params[name])
            return params
        params = {}
        for (name, kind, table), value in zip(self._readers, values):
            if kind is FixedDistribution:
                params[name] = table
            elif value == value:  # NaN is an inactive parameter
                params[name] = (
                    value if kind is FloatDistribution else int(value) if kind is IntDistribution else table[int(value)]
                )
        return params


def _reader(name: str, distribution: Distribution) -> tuple[str, type, Any]:
    table: Any = None
    if isinstance(distribution, CategoricalDistribution):
        table = list(distribution.choices)
    elif isinstance(distribution, FixedDistribution):
        table = distribution.value
    return name, type(distribution), table


def _conversion(kind: type, table: Any) -> Callable[[float], Any]:
    if kind is IntDistribution:
        return int
    if kind is CategoricalDistribution:
        return {float(index): choice for index, choice in enumerate(table)}.__getitem__
    return lambda number: table
