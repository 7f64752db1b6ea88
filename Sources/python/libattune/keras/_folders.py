"""Where a search keeps its study and the weights of its trials."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from ..frozen import FrozenTrial, TrialState

if TYPE_CHECKING:
    from ..study import Study


def of_trial(project: Path, number: int) -> Path:
    """The folder of a trial's weights."""
    return project / f"trial-{number}"


def ranked(study: Study) -> list[FrozenTrial]:
    """The COMPLETE trials, the best first and the first of equals."""
    trials = study.get_trials([TrialState.COMPLETE])
    sign = -1.0 if study.direction == "maximize" else 1.0
    return sorted((trial for trial in trials if trial.values), key=lambda trial: sign * trial.values[0])  # type: ignore[index]


def keep_best(project: Path, study: Study, keep: int) -> None:
    """Deletes the weights of all finished trials but the best."""
    kept = {trial.number for trial in ranked(study)[:keep]}
    for trial in study.trials:
        if trial.state.is_finished and trial.number not in kept:
            shutil.rmtree(of_trial(project, trial.number), ignore_errors=True)  # mostly gone already
