"""What a candidate is given more of, rung by rung: HalvingRandomSearchCV's words.

A candidate begins with `min_resources`, and goes on with `factor` times as many while it is among the best of those that
reached its rung: asynchronous successive halving, which needs no number of candidates beforehand.
"""

from __future__ import annotations

import numbers
from typing import Any, Optional

import numpy as np
from sklearn.base import is_classifier
from sklearn.utils import check_random_state, resample
from sklearn.utils.multiclass import check_classification_targets, type_of_target

N_SAMPLES = "n_samples"


class Resources:
    """The rungs of a search, and the splits and parameters at each."""

    def __init__(self, search: Any, y: Any, splits: list[Any], n_samples: int) -> None:
        self.name: str = search.resource
        self.factor = _whole("factor", search.factor, 2)
        self._splits, self._n_samples = splits, n_samples
        # All candidates of a rung see the same samples.
        self._seed = search.random_state if isinstance(search.random_state, numbers.Integral) else 0
        self._at: dict[int, list[Any]] = {}
        self.is_of_samples = self.name == N_SAMPLES
        self._classes: Any = None
        if self.is_of_samples and y is not None and is_classifier(search.estimator):
            check_classification_targets(y)
            self._classes = np.asarray(y) if type_of_target(y) in ("binary", "multiclass") else None
        if not self.is_of_samples and self.name not in search.estimator.get_params():
            raise ValueError(
                f"Cannot use resource={self.name} which is not supported by estimator {type(search.estimator).__name__}"
            )
        given = search.param_distributions
        if any(self.name in one for one in (given if isinstance(given, list) else [given])):
            raise ValueError(
                f"Cannot use parameter {self.name} as the resource since it is part of the searched parameters."
            )
        if search.max_resources != "auto":
            self.max = _whole("max_resources", search.max_resources, 1)
        elif self.is_of_samples:
            self.max = n_samples
        else:
            raise ValueError(f"resource can only be 'n_samples' when max_resources='auto', not {self.name!r}")
        if self.is_of_samples and self.max > n_samples:
            raise ValueError(f"max_resources is {self.max}, wanted at most the {n_samples} samples there are")
        self.min = self._min(search, y)
        if self.min > self.max:
            raise ValueError(f"min_resources_={self.min} is greater than max_resources_={self.max}.")
        self.rungs = [self.min]
        while self.rungs[-1] * self.factor <= self.max:
            self.rungs.append(self.rungs[-1] * self.factor)

    def _min(self, search: Any, y: Any) -> int:
        if search.min_resources not in ("smallest", "exhaust"):
            return _whole("min_resources", search.min_resources, 1)
        smallest = 1
        if self.is_of_samples:
            smallest = len(self._splits) * 2
            if y is not None and is_classifier(search.estimator):
                smallest *= len(np.unique(y))
        if search.min_resources == "exhaust":
            # As many as lets the last rung have all.
            rungs: int = 0
            while smallest * self.factor ** (rungs + 1) <= self.max:
                rungs += 1
            return max(smallest, int(self.max // self.factor**rungs))
        return smallest

    def splits(self, amount: int) -> list[Any]:
        """The folds at a rung: with samples as the resource, as large a part of each."""
        if not self.is_of_samples:
            return self._splits
        if amount not in self._at:
            share = amount / self._n_samples
            random = check_random_state(self._seed)
            self._at[amount] = [tuple(self._part(half, share, random) for half in split) for split in self._splits]
        return self._at[amount]

    def _part(self, indices: Any, share: float, random: Any) -> Any:
        if share >= 1:
            return indices
        # A classifier cannot be fitted to one class: each keeps its share.
        classes = None if self._classes is None else self._classes[indices]
        count = max(1, int(share * len(indices)))
        return resample(indices, replace=False, random_state=random, n_samples=count, stratify=classes)

    def parameters(self, parameters: dict[str, Any], amount: int) -> dict[str, Any]:
        """A candidate's parameters at a rung."""
        return parameters if self.is_of_samples else {**parameters, self.name: amount}

    def facts(self) -> dict[str, Any]:
        """HalvingRandomSearchCV's attributes of the same names."""
        return {"min_resources_": self.min, "max_resources_": self.max, "n_possible_iterations_": len(self.rungs)}


def check(search: Any) -> Optional[str]:
    """What of the words cannot be meant; None when nothing."""
    if search.aggressive_elimination:
        return "aggressive_elimination is True, wanted False: candidates are not in rounds, each goes on by its own score"
    if search.resource is None:
        for name, usual in (("factor", 3), ("min_resources", "smallest"), ("max_resources", "auto")):
            if getattr(search, name) != usual:
                return f"{name} is {getattr(search, name)!r} without a resource, wanted resource='n_samples' or a parameter"
        return None
    if search.pruner is not None:
        return f"pruner is {search.pruner!r} with resource {search.resource!r}, wanted None: halving is its pruner"
    return None


def _whole(name: str, value: Any, least: int) -> int:
    if not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} is {value!r}, wanted a whole number of at least {least}")
    return int(value)
