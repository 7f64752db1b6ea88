"""Constraint values where Optuna keeps them: since 5.0 each by its name, before that a list."""

from __future__ import annotations

import math
from typing import Any, Mapping

from optuna.trial import FrozenTrial

_KEY = "constraints"
_NAMED = hasattr(FrozenTrial, "set_constraint")


def read(system_attrs: Mapping[str, Any]) -> dict[str, float]:
    """The values by name; those of a list are named by their place."""
    found = {str(place): float(value) for place, value in enumerate(system_attrs.get(_KEY) or ())}
    for key, value in system_attrs.items():
        if key.startswith(f"{_KEY}:"):
            found[key[len(_KEY) + 1 :]] = float(value)
    return {name: value for name, value in found.items() if not math.isnan(value)}


def written(constraints: Mapping[str, float]) -> dict[str, Any]:
    """System attributes that hold the values."""
    if _NAMED:
        return {f"{_KEY}:{name}": value for name, value in constraints.items()}
    return {_KEY: [constraints[name] for name in sorted(constraints)]} if constraints else {}
