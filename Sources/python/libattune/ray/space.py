"""Ray Tune's search spaces as Attune's."""

from __future__ import annotations

from typing import Any, Mapping

from ray.tune.search.sample import Categorical, Domain, Float, Integer, LogUniform, Quantized, Uniform
from ray.tune.search.variant_generator import parse_spec_vars
from ray.tune.utils.util import flatten_dict

from ..distributions import CategoricalDistribution, Distribution, FloatDistribution, IntDistribution

#: Between the names of nested configurations.
SEPARATOR = "/"


class RaySpace:
    """The domains of a configuration as distributions, by their paths, and the way back to a configuration."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        _, domains, grids = parse_spec_vars(dict(config))
        if grids:
            raise ValueError(
                f'{SEPARATOR.join(grids[0][0])} is tune.grid_search, wanted tune.choice and, where every combination is '
                'meant, strategy="grid"'
            )
        self.parameters: dict[str, Distribution] = {}
        self._choices: dict[str, list[Any]] = {}
        for path, domain in domains:
            name = SEPARATOR.join(str(part) for part in path)
            distribution = _distribution(name, domain)
            if isinstance(distribution, CategoricalDistribution) and not all(map(_is_plain, distribution.choices)):
                # A list or an object is chosen by its place.
                self._choices[name] = list(distribution.choices)
                distribution = CategoricalDistribution([f"{i}: {one!r}"[:80] for i, one in enumerate(distribution.choices)])
            self.parameters[name] = distribution

    def values(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """A trial's parameters as the values of a flat configuration."""
        return {name: self._value(name, value) for name, value in params.items()}

    def params(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a configuration, nested or flat."""
        flat = flatten_dict(dict(config), delimiter=SEPARATOR)
        flat.update((name, config[name]) for name in self.parameters if name in config)
        return {name: self._key(name, flat[name]) for name in self.parameters if name in flat}

    def _value(self, name: str, value: Any) -> Any:
        choices = self._choices.get(name)
        return value if choices is None else choices[int(str(value).split(":", 1)[0])]

    def _key(self, name: str, value: Any) -> Any:
        choices = self._choices.get(name)
        return value if choices is None else f"{choices.index(value)}: {value!r}"[:80]


def _is_plain(value: Any) -> bool:
    return value is None or type(value) in (bool, int, float, str)


def _distribution(name: str, domain: Domain) -> Distribution:
    sampler, step = domain.get_sampler(), None
    if isinstance(sampler, Quantized):
        sampler, step = sampler.sampler, sampler.q
    is_log = isinstance(sampler, LogUniform)
    if isinstance(domain, Categorical) and isinstance(sampler, Uniform):
        return CategoricalDistribution(domain.categories)
    if isinstance(domain, Float) and (is_log or isinstance(sampler, Uniform)) and not (is_log and step):
        return FloatDistribution(domain.lower, domain.upper, step=step, log=is_log)
    if isinstance(domain, Integer) and (is_log or isinstance(sampler, Uniform)) and not (is_log and (step or 1) != 1):
        # Ray's upper bound is excluded, but where there is a step.
        return IntDistribution(domain.lower, domain.upper - (1 if step in (None, 1) else 0), step=step or 1, log=is_log)
    raise ValueError(f"{name} is {domain.domain_str} drawn by {type(domain.get_sampler()).__name__}: {_WANTED}")


_WANTED = (
    "wanted tune.uniform, loguniform, quniform, randint, qrandint, lograndint or choice (normal kinds, sample_from and "
    "steps in a logarithm are not ranges)"
)
