"""A search space: names and what each may be."""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional, Sequence, Union

from ._call import made, text, to_json
from ._library import library
from .distributions import (
    CategoricalDistribution,
    Distribution,
    FixedDistribution,
    FloatDistribution,
    IntDistribution,
)

#: A space as a study takes it: names with distributions, lists of choices or space JSON; or the JSON as a text.
SpaceLike = Union["Space", Mapping[str, Any], str]

_KINDS = (FloatDistribution, IntDistribution, CategoricalDistribution, FixedDistribution)


class Space:
    """A checked search space, in order. Lists and tuples stand for their choices.

    What parameters must keep to together stands under "$constraints":
    ``[{"linear": {"x": 1, "y": 2}, "at_most": 10}, {"forbidden": {"kernel": "rbf", "degree": [3, 4]}}]``.
    """

    def __init__(self, parameters: SpaceLike) -> None:
        self._json: str = self._checked(parameters)

    @staticmethod
    def _checked(parameters: SpaceLike) -> str:
        if isinstance(parameters, Space):
            return parameters._json
        if isinstance(parameters, str):
            given = parameters.encode()
        elif isinstance(parameters, Mapping):
            given = to_json({_name(name): _description(name, value) for name, value in parameters.items()})
        else:
            raise TypeError(f"space is {parameters!r}, wanted a dict of distributions, a Space or JSON")
        handle = made("attune_space_from_json", given)
        try:
            return text("attune_space_to_json", handle)
        finally:
            library().attune_space_destroy(handle)

    def to_json(self) -> str:
        """The space as JSON, as every door of Attune reads it."""
        return self._json

    @property
    def parameters(self) -> dict[str, Distribution]:
        """The distributions by name, in order."""
        read: dict[str, Any] = json.loads(self._json)
        return {name: _distribution(value) for name, value in read.items() if name != "$constraints"}

    def __len__(self) -> int:
        return len(self.parameters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Space) and other._json == self._json

    def __hash__(self) -> int:
        return hash(self._json)

    def __repr__(self) -> str:
        return f"Space({self._json!r})"


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError(f"a parameter's name is {name!r}, wanted a str")
    return name


def _description(name: str, value: Any) -> Any:
    if isinstance(value, _KINDS):
        return value.description()
    if isinstance(value, Mapping) or name == "$constraints":
        return value
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return CategoricalDistribution(value).description()
    raise TypeError(f"space.{name} is {value!r}, wanted a distribution, a list of choices or its JSON as a dict")


def _distribution(written: Mapping[str, Any]) -> Distribution:
    when: Optional[Any] = written.get("when")
    kind = written["type"]
    if kind == "float":
        return FloatDistribution(
            written["low"], written["high"], written.get("step"), bool(written.get("log", False)), when
        )
    if kind == "int":
        return IntDistribution(
            written["low"], written["high"], written.get("step", 1), bool(written.get("log", False)), when
        )
    if kind == "categorical":
        return CategoricalDistribution(written["choices"], bool(written.get("ordered", False)), when)
    return FixedDistribution(written["value"], when)
