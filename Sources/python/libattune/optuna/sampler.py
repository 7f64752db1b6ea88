"""AttuneSampler: a strategy of Attune's where Optuna wants a sampler."""

from __future__ import annotations

import hashlib
import secrets
import threading
import weakref
from collections import OrderedDict
from typing import Any, Callable, Optional, Sequence

from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler
from optuna.samplers._base import _process_constraints_after_trial
from optuna.search_space import IntersectionSearchSpace
from optuna.study import Study
from optuna.trial import FrozenTrial, TrialState

from .mirror import Mirror

#: Search spaces that are followed at a time: an objective whose ranges move makes a new one with each range.
_MIRRORS = 64


class AttuneSampler(BaseSampler):
    """Chooses parameters by a strategy of Attune's, `libattune.strategies()`; `options` are its own.

    Parameters that all trials have are chosen together, others each by itself. Trials of other workers count as they
    finish, and while they run. `constraints_func` is that of Optuna's samplers: values <= 0 are feasible.
    """

    def __init__(
        self,
        strategy: Optional[str] = None,
        *,
        seed: Optional[int] = None,
        constraints_func: Optional[Callable[[FrozenTrial], Sequence[float]]] = None,
        **options: Any,
    ) -> None:
        self._strategy, self._options = strategy, options
        self._seed = secrets.randbits(62) if seed is None else seed
        self._constraints_func = constraints_func
        self._prepare()

    def _prepare(self) -> None:
        self._lock = threading.RLock()
        self._mirrors: weakref.WeakKeyDictionary[Any, OrderedDict[str, Mirror]] = weakref.WeakKeyDictionary()
        self._spaces: weakref.WeakKeyDictionary[Any, IntersectionSearchSpace] = weakref.WeakKeyDictionary()

    def __getstate__(self) -> dict[str, Any]:
        kept = ("_strategy", "_options", "_seed", "_constraints_func")
        return {name: one for name, one in vars(self).items() if name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._prepare()

    def reseed_rng(self) -> None:
        """Another seed: a copy of this sampler must not choose what this one does."""
        with self._lock:
            self._seed = secrets.randbits(62)
            self._mirrors.clear()

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        """The parameters that all trials have."""
        with self._lock:
            space = self._spaces.setdefault(study, IntersectionSearchSpace(include_pruned=True)).calculate(study)
        return {name: distribution for name, distribution in space.items() if not distribution.single()}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Values for all of them together."""
        return self._suggest(study, trial, search_space) if search_space else {}

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """A value for one that not all trials have."""
        return self._suggest(study, trial, {param_name: param_distribution})[param_name]

    def after_trial(
        self, study: Study, trial: FrozenTrial, state: TrialState, values: Optional[Sequence[float]]
    ) -> None:
        """Keeps the constraints' values where Optuna keeps them."""
        if self._constraints_func is not None:
            _process_constraints_after_trial(self._constraints_func, study, trial, state)

    def _suggest(self, study: Study, trial: FrozenTrial, space: dict[str, BaseDistribution]) -> dict[str, Any]:
        with self._lock:
            mirror = self._mirror(study, space)
            trials = study._get_trials(deepcopy=False, use_cache=False)
            mirror.follow(trials, trial.number, lambda other: space.keys() <= other.params.keys())
            return mirror.suggest(trial)

    def _mirror(self, study: Study, space: dict[str, BaseDistribution]) -> Mirror:
        mirrors = self._mirrors.setdefault(study, OrderedDict())
        key = repr(sorted(space.items()))
        if key not in mirrors:
            digest = hashlib.sha256(f"{self._seed} {key}".encode()).digest()
            mirrors[key] = Mirror(
                study, space, strategy=self._strategy, seed=int.from_bytes(digest[:8], "little"), options=self._options
            )
            while len(mirrors) > _MIRRORS:
                mirrors.popitem(last=False)
        mirrors.move_to_end(key)
        return mirrors[key]
