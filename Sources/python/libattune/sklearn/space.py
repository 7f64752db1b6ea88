"""scikit-learn's parameter distributions as a search space, and trials as candidates."""

from __future__ import annotations

import math
from typing import Any, Mapping, Optional, Sequence, Union

import numpy as np
from sklearn.model_selection import ParameterSampler

from ..distributions import CategoricalDistribution, FixedDistribution, FloatDistribution, IntDistribution

_OWN = (FloatDistribution, IntDistribution, CategoricalDistribution, FixedDistribution)
#: A quantile's range: the ends of many distributions are infinite.
_ALMOST = 1e-9
#: The parameter that chooses among several dicts.
_WHICH = "param_distributions"
#: A study's seed and a trial's number.
Draw = tuple[int, int]


class _Choices:
    """A list: any objects. Those that a study cannot keep stand there by place and text."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = list(values)
        self.size: Optional[int] = len(self.values)
        self.labels = [_plain(value) for value in self.values]
        kept = all(isinstance(one, (type(None), bool, int, str)) or _is_finite(one) for one in self.labels)
        if not kept or len({(isinstance(one, str), one) for one in self.labels}) < len(self.labels):
            self.labels = [f"{place}: {_shown(value)}" for place, value in enumerate(self.values)]

    def description(self, when: Optional[Mapping[str, Any]]) -> dict[str, Any]:
        numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in self.labels)
        return CategoricalDistribution(
            self.labels, ordered=numbers and self.labels == sorted(self.labels), when=when
        ).description()  # fmt: skip

    def value(self, found: Any, draw: Draw) -> Any:
        for label, value in zip(self.labels, self.values):
            if label == found and type(label) is type(found):
                return value
        return self.values[self.labels.index(found)]


class _Own:
    """A distribution of libattune, as it is."""

    def __init__(self, distribution: Any) -> None:
        self.distribution = distribution
        self.size = len(distribution.choices) if isinstance(distribution, CategoricalDistribution) else None

    def description(self, when: Optional[Mapping[str, Any]]) -> dict[str, Any]:
        described: dict[str, Any] = self.distribution.description()
        if when:
            described["when"] = {**described.get("when", {}), **when}
        return described

    def value(self, found: Any, draw: Draw) -> Any:
        return found


class _Quantile:
    """A distribution of scipy that has a quantile function: searched along it."""

    size = None

    def __init__(self, distribution: Any) -> None:
        self.distribution = distribution

    def description(self, when: Optional[Mapping[str, Any]]) -> dict[str, Any]:
        return FloatDistribution(_ALMOST, 1 - _ALMOST, when=when).description()

    def value(self, found: Any, draw: Draw) -> Any:
        drawn = self.distribution.ppf(found)
        return int(drawn) if hasattr(self.distribution, "pmf") else float(drawn)


class _Draw:
    """A distribution that can only be drawn from: by the study's seed and the trial's number, unseen by the strategy."""

    size = None
    description = None

    def __init__(self, name: str, distribution: Any) -> None:
        self.name, self.distribution = name, distribution

    def value(self, found: Any, draw: Draw) -> Any:
        seed = np.random.SeedSequence([*draw, *self.name.encode()])
        return self.distribution.rvs(random_state=np.random.RandomState(np.random.MT19937(seed)))


_Part = Union[_Choices, _Own, _Quantile, _Draw]


class SearchSpace:
    """What param_distributions says: a dict, or a list of dicts of which each trial takes one."""

    def __init__(self, param_distributions: Any) -> None:
        ParameterSampler(_checkable(param_distributions), 1)  # refuses what scikit-learn refuses, in its words
        given = [param_distributions] if isinstance(param_distributions, Mapping) else list(param_distributions)
        self._dicts = [{name: _part(name, value) for name, value in one.items()} for one in given]
        self._several = len(self._dicts) > 1

    @property
    def description(self) -> dict[str, Any]:
        """The space as JSON."""
        space: dict[str, Any] = {}
        if self._several:
            space[_WHICH] = CategoricalDistribution(list(range(len(self._dicts)))).description()
        for place, parts in enumerate(self._dicts):
            when = {_WHICH: [place]} if self._several else None
            for name, part in parts.items():
                if not isinstance(part, _Draw):
                    space[self._name(place, name)] = part.description(when)
        return space

    @property
    def size(self) -> Optional[int]:
        """The number of points; None where it is not finite."""
        sizes = [[part.size for part in parts.values()] for parts in self._dicts]
        if any(size is None for one in sizes for size in one):
            return None
        return sum(math.prod(size for size in one if size is not None) for one in sizes)

    def candidate(self, params: Mapping[str, Any], draw: Draw) -> dict[str, Any]:
        """The parameters of a trial as the estimator takes them."""
        place = params[_WHICH] if self._several else 0
        return {
            name: part.value(params.get(self._name(place, name)), draw)
            for name, part in self._dicts[place].items()
        }

    def _name(self, place: int, name: str) -> str:
        return f"{place}:{name}" if self._several else name


def _part(name: str, value: Any) -> _Part:
    if isinstance(value, _OWN):
        return _Own(value)
    if not hasattr(value, "rvs"):
        return _Choices(value)
    kind = getattr(getattr(value, "dist", None), "name", "")
    if kind in ("uniform", "loguniform", "reciprocal", "randint"):
        low, high = (bound.item() if hasattr(bound, "item") else bound for bound in value.support())
        if kind == "randint":
            return _Own(IntDistribution(int(low), int(high)))
        return _Own(FloatDistribution(float(low), float(high), log=kind != "uniform"))
    return _Quantile(value) if hasattr(value, "ppf") else _Draw(name, value)


def _checkable(param_distributions: Any) -> Any:
    """What ParameterSampler can check: libattune's own distributions replaced by a list."""
    if isinstance(param_distributions, Mapping):
        return {name: [0] if isinstance(one, _OWN) else one for name, one in param_distributions.items()}
    if isinstance(param_distributions, (list, tuple)):
        return [_checkable(one) for one in param_distributions]
    return param_distributions


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _is_finite(value: Any) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return type(value).__name__ if " at 0x" in text else " ".join(text.split())[:100]
