"""The weights of a trial's best epoch, and which trials' are kept."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any, Mapping, Optional

import keras

_WEIGHTS = "best.weights.h5"
_BUILD = "build.json"


class KeepBestEpoch(keras.callbacks.Callback):  # type: ignore[misc]
    """Saves the weights after each epoch that is better than those before, of this training and earlier ones."""

    def __init__(self, folder: Path, monitor: str, is_maximized: bool) -> None:
        super().__init__()
        self._folder, self._monitor, self._sign = folder, monitor, -1.0 if is_maximized else 1.0
        self._best: Optional[float] = None

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Saves where the metric is better."""
        if logs is None or self._monitor not in logs:
            return
        loss = self._sign * float(logs[self._monitor])
        if self._best is None or loss < self._best:
            self._best = loss
            self._folder.mkdir(parents=True, exist_ok=True)
            self.model.save_weights(self._folder / _WEIGHTS)
            build = self.model.get_build_config()
            (self._folder / _BUILD).write_text(json.dumps(build, default=list))


def load(model: Any, folder: Path) -> None:
    """Gives a model the weights of a folder."""
    weights = folder / _WEIGHTS
    if not weights.exists():
        raise FileNotFoundError(f"{weights}: the trial's weights are not kept; keep=N keeps those of the best N trials")
    if not model.built:
        model.build_from_config(json.loads((folder / _BUILD).read_text()))
    with warnings.catch_warnings():
        # A model that was only built has an optimizer without state; its own is not needed to predict.
        warnings.filterwarnings("ignore", "Skipping variable loading for optimizer")
        model.load_weights(weights)
