"""AttunePruner: a pruner of Attune's where Optuna wants one."""

from __future__ import annotations

import threading
import weakref
from typing import Any

from optuna.pruners import BasePruner
from optuna.study import Study
from optuna.trial import FrozenTrial

from .mirror import Mirror


class AttunePruner(BasePruner):
    """Gives trials up by a pruner of Attune's, `libattune.pruners()`; `options` are its own."""

    def __init__(self, pruner: str = "median", **options: Any) -> None:
        self._pruner, self._options = pruner, options
        self._prepare()

    def _prepare(self) -> None:
        self._lock = threading.RLock()
        self._mirrors: weakref.WeakKeyDictionary[Any, Mirror] = weakref.WeakKeyDictionary()

    def __getstate__(self) -> dict[str, Any]:
        return {"_pruner": self._pruner, "_options": self._options}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._prepare()

    def prune(self, study: Study, trial: FrozenTrial) -> bool:
        """Whether the trial is given up after its last report."""
        if not trial.intermediate_values:
            return False
        with self._lock:
            mirror = self._mirrors.get(study)
            if mirror is None:
                mirror = self._mirrors[study] = Mirror(
                    study, {}, strategy="random", seed=0, pruner=self._pruner, pruner_options=self._options
                )
            mirror.follow(study._get_trials(deepcopy=False, use_cache=False), trial.number, lambda other: True)
            return mirror.should_prune(trial)
