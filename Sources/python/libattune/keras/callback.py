"""The callback that ties a model's training to a trial."""

from __future__ import annotations

from typing import Any, Mapping, Optional

import keras

from ..errors import TrialPruned


class AttuneCallback(keras.callbacks.Callback):  # type: ignore[misc]
    """Reports a metric after each epoch; where the study's pruner gives the trial up, ends the training.

    TrialPruned is raised when training has ended, so that other callbacks see its end, too: give this one last.
    """

    def __init__(self, trial: Any, monitor: str = "val_loss") -> None:
        super().__init__()
        self.trial = trial
        self.monitor = monitor
        #: Whether the trial was given up.
        self.is_pruned = False
        self._seen: set[str] = set()

    def on_epoch_end(self, epoch: int, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Reports the metric, in the epochs that have it."""
        self._seen.update(logs or {})
        if logs is None or self.monitor not in logs:
            return
        self.trial.report(float(logs[self.monitor]), epoch)
        if self.trial.should_prune():
            self.is_pruned = True
            self.model.stop_training = True

    def on_train_end(self, logs: Optional[Mapping[str, Any]] = None) -> None:
        """Raises TrialPruned where the trial was given up."""
        if self.is_pruned:
            raise TrialPruned(f"{self.monitor} of trial {self.trial.number} does not pass the pruner")
        if self._seen and self.monitor not in self._seen:
            raise ValueError(f"monitor is {self.monitor!r}, wanted one of {', '.join(sorted(self._seen))}")
