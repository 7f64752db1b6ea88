"""Optuna's distributions as Attune's, and values between them: choices go by their index, whatever they are."""

from __future__ import annotations

from typing import Any, Mapping

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from .. import distributions as own


def parameter(distribution: BaseDistribution) -> own.Distribution:
    """The distribution that a study of Attune's searches."""
    if isinstance(distribution, FloatDistribution):
        return own.FloatDistribution(distribution.low, distribution.high, distribution.step, distribution.log)
    if isinstance(distribution, IntDistribution):
        # Optuna leaves step 1 beside log, as Attune does.
        return own.IntDistribution(distribution.low, distribution.high, distribution.step, distribution.log)
    if isinstance(distribution, CategoricalDistribution):
        return own.CategoricalDistribution(list(range(len(distribution.choices))))
    raise NotImplementedError(f"{distribution!r} is not supported, wanted a float, int or categorical distribution")


def found(distribution: BaseDistribution, value: Any) -> Any:
    """A value of Optuna's as Attune's."""
    if isinstance(distribution, CategoricalDistribution):
        return int(distribution.to_internal_repr(value))
    return value


def value(distribution: BaseDistribution, found: Any) -> Any:
    """A value of Attune's as Optuna's."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[found]
    return found


def holds(distribution: BaseDistribution, value: Any) -> bool:
    """Whether a value is one of the distribution's."""
    try:
        return bool(distribution._contains(distribution.to_internal_repr(value)))
    except (ValueError, TypeError):
        return False  # of another type: a parameter that changed its kind


def described(space: Mapping[str, BaseDistribution]) -> dict[str, own.Distribution]:
    """A search space of Optuna's as one of Attune's."""
    return {name: parameter(distribution) for name, distribution in space.items()}
