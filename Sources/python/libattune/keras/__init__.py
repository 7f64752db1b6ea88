"""Keras 3: a callback that reports epochs and prunes, and a search over models in KerasTuner's manner.

    from libattune.keras import tune_model

    def build(hp):
        model = keras.Sequential([keras.layers.Dense(hp.Int("units", 8, 64), hp.Choice("act", ["relu", "tanh"])), ...])
        model.compile(keras.optimizers.Adam(hp.Float("lr", 1e-4, 1e-1, sampling="log")), "mse")
        return model

    tuned = tune_model(build, x, y, validation_data=(x2, y2), epochs=20, max_trials=30)
    model = tuned.best_model()

Keras is imported where it is first needed: with isolate="process" that is in the trials' processes only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._process import LostProcessError, in_process
from .hyperparameters import HyperParameters
from .tune import TunedModel, tune_model

if TYPE_CHECKING:
    from .callback import AttuneCallback

__all__ = ["AttuneCallback", "HyperParameters", "LostProcessError", "TunedModel", "in_process", "tune_model"]


def __getattr__(name: str) -> Any:
    if name == "AttuneCallback":
        from .callback import AttuneCallback

        return AttuneCallback
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
