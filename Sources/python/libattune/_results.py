"""What a study found."""

from __future__ import annotations

import json
from typing import Any, Iterable, Optional

from . import results
from ._call import text, utf8
from ._study_handle import StudyHandle
from .errors import InvalidStateError
from .frozen import FrozenTrial, TrialState


class Results(StudyHandle):
    """The part of Study that reads trials."""

    @property
    def trials(self) -> list[FrozenTrial]:
        """All trials, by number."""
        return self.get_trials()

    def get_trials(self, states: Optional[Iterable[TrialState]] = None) -> list[FrozenTrial]:
        """The trials of some states, by number."""
        mask = 0 if states is None else sum(1 << int(state) for state in set(states))
        return [] if states is not None and not mask else results.trials(self._live(), mask)

    @property
    def best_trials(self) -> list[FrozenTrial]:
        """The Pareto front; with one direction, the best trial alone."""
        return results.best(self._live())

    @property
    def best_trial(self) -> FrozenTrial:
        """The best COMPLETE trial, a feasible one where there is one."""
        if len(self.directions) != 1:
            raise InvalidStateError(f"the study has {len(self.directions)} directions, wanted one: read best_trials")
        found = self.best_trials
        if not found:
            raise InvalidStateError(f'no trial of study "{self.study_name}" is COMPLETE')
        return found[0]

    @property
    def best_params(self) -> dict[str, Any]:
        """Parameters of the best trial."""
        return self.best_trial.params

    @property
    def best_value(self) -> float:
        """Value of the best trial."""
        value = self.best_trial.value
        assert value is not None
        return value

    def param_importances(self, method: str = "ped-anova") -> dict[str, float]:
        """How much each parameter mattered, the largest first, as shares of 1.

        ``ped-anova``: for being among the best tenth; ``fanova``: for the value wherever it lies. NotFoundError with
        fewer than two COMPLETE trials.
        """
        importances: dict[str, float] = json.loads(text("attune_study_importances", self._live(), utf8(method, "method")))
        return importances

    def trials_dataframe(self) -> Any:
        """The trials as a pandas DataFrame, in the columns of Optuna's."""
        return results.dataframe(self.trials, len(self.directions))

    def to_json(self) -> str:
        """The whole study as one document; `from_json` reads it."""
        return text("attune_study_export_json", self._live())

    def to_csv(self) -> str:
        """The trials as CSV, in the columns of `trials_dataframe`."""
        return text("attune_study_export_csv", self._live())
