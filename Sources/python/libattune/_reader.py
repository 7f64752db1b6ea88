"""Reading a trial's parameters from the numbers of attune_trial_copy_params."""

from __future__ import annotations

from typing import Any, Sequence

from .distributions import CategoricalDistribution, Distribution, FixedDistribution, FloatDistribution, IntDistribution

#: Beyond it a double does not hold every int.
_EXACT = 2**53


class ParameterReader:
    """The parameters of a declared space, as many numbers in its order."""

    def __init__(self, space: dict[str, Distribution]) -> None:
        self.count = len(space)
        self._names = list(space)
        self._readers = [_reader(name, distribution) for name, distribution in space.items()]
        self._all_floats = all(isinstance(one, FloatDistribution) and not one.when for one in space.values())
        #: Whether the numbers say everything; otherwise the parameters are read as JSON.
        self.is_enough = not any(
            isinstance(one, IntDistribution) and max(abs(one.low), abs(one.high)) > _EXACT
            or isinstance(one, FixedDistribution) and one.when
            for one in space.values()
        )  # fmt: skip

    def decode(self, values: Sequence[float]) -> dict[str, Any]:
        """The active parameters."""
        if self._all_floats:
            return dict(zip(self._names, values))
        params: dict[str, Any] = {}
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
