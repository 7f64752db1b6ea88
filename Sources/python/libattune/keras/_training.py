"""What one trial of tune_model does, in this process or in one of its own."""

from __future__ import annotations

import copy
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, Sequence

from . import _folders
from .hyperparameters import HyperParameters

_SEEDS = 2**31


@dataclass(frozen=True)
class Training:
    """Builds a model, fits it and gives the objective's best epoch; an objective that pickle can carry."""

    build: Any
    objective: str
    is_maximized: bool
    project: Path
    executions: int
    arguments: Sequence[Any]
    words: Mapping[str, Any]

    def __call__(self, trial: Any) -> float:
        import keras

        keras.utils.clear_session()
        try:
            found = [self._execute(trial, execution) for execution in range(self.executions)]
        finally:
            keras.utils.clear_session()
        return statistics.fmean(found)

    def _execute(self, trial: Any, execution: int) -> float:
        import keras

        from ._checkpoints import KeepBestEpoch
        from .callback import AttuneCallback

        keras.utils.set_random_seed((trial.seed + execution) % _SEEDS)
        hp = HyperParameters(trial)
        model = build(self.build, hp)
        words = dict(self.words)
        callbacks = [copy.deepcopy(callback) for callback in words.pop("callbacks", None) or ()]
        if execution == 0:
            # The weights are those of the first execution, and so are the epochs that a pruner sees.
            callbacks.append(KeepBestEpoch(_folders.of_trial(self.project, trial.number), self.objective, self.is_maximized))
            callbacks.append(AttuneCallback(trial, self.objective))
        fit = getattr(self.build, "fit", None)
        try:
            if fit is None:
                found = model.fit(*self.arguments, callbacks=callbacks, **words)
            else:
                found = fit(hp, model, *self.arguments, callbacks=callbacks, **words)
        finally:
            trial.set_attribute("hyperparameters", hp.values)
        return self._value(found)

    def _value(self, found: Any) -> float:
        """The objective, of the History that fit gave, a dict or a number."""
        logs: Any = getattr(found, "history", found)
        if not isinstance(logs, Mapping):
            return float(logs)
        if self.objective not in logs:
            raise ValueError(f"objective is {self.objective!r}, wanted one of {', '.join(logs)}")
        epochs = logs[self.objective]
        numbers = [float(one) for one in epochs] if hasattr(epochs, "__len__") else [float(epochs)]
        # NaN loses to any number, whichever comes first.
        finite = [one for one in numbers if one == one] or numbers
        return max(finite) if self.is_maximized else min(finite)


def build(builder: Any, hp: HyperParameters) -> Any:
    """The model that a function, or a HyperModel's build, makes."""
    made = getattr(builder, "build", builder)(hp)
    if not hasattr(made, "fit"):
        raise TypeError(f"build_fn returned {made!r}, wanted a compiled Keras model")
    return made
