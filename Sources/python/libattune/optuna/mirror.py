"""A study of Attune's that follows one of Optuna's: its trials, finished and running, in one search space."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from optuna.distributions import BaseDistribution
from optuna.study import Study as OptunaStudy
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState

from .. import frozen
from ..errors import AttuneError
from ..study import Study
from ..trial import Trial
from . import constraints
from .distributions import described, found, holds, value


class Mirror:
    """What one strategy or pruner knows of a study of Optuna's. Not for two threads at once."""

    def __init__(self, study: OptunaStudy, space: Mapping[str, BaseDistribution], **settings: Any) -> None:
        directions = ["maximize" if one == StudyDirection.MAXIMIZE else "minimize" for one in study.directions]
        self._space = dict(space)
        self._study = Study(described(self._space), directions=directions, **settings)
        self._single = len(directions) == 1
        self._running: dict[int, Trial] = {}
        self._reported: dict[int, set[int]] = {}
        self._asked: dict[int, dict[str, Any]] = {}
        self._done: set[int] = set()
        self._begin = 0

    def suggest(self, trial: FrozenTrial) -> dict[str, Any]:
        """Parameters for a trial, chosen from all that was followed."""
        asked = self._study.ask()
        earlier = self._running.pop(trial.number, None)
        if earlier is not None:
            self._study.tell(earlier, state=frozen.TrialState.FAIL, reason="asked again")
        self._running[trial.number] = asked
        self._asked[trial.number] = {
            name: value(distribution, asked.params[name]) for name, distribution in self._space.items()
        }
        return dict(self._asked[trial.number])

    def should_prune(self, trial: FrozenTrial) -> bool:
        """What the pruner says of a running trial."""
        if trial.number not in self._running:
            self._running[trial.number] = self._study.ask()
        self._report(trial)
        return self._running[trial.number].should_prune()

    def follow(self, trials: list[FrozenTrial], current: Optional[int], wants: Callable[[FrozenTrial], bool]) -> None:
        """Takes over what happened since; of running trials other than the current one those that are wanted."""
        for trial in trials[self._begin :]:
            if trial.number in self._done or trial.number == current:
                continue
            if trial.state.is_finished():
                self._finish(trial)
            elif trial.state == TrialState.RUNNING and wants(trial):
                self._run(trial)
        while self._begin in self._done:
            self._done.discard(self._begin)
            self._begin += 1

    def _run(self, trial: FrozenTrial) -> None:
        if trial.number not in self._running and self._fits(trial):
            if self._space:
                self._study.enqueue_trial(self._params(trial))
            self._running[trial.number] = self._study.ask()
        if trial.number in self._running:
            self._report(trial)

    def _finish(self, trial: FrozenTrial) -> None:
        self._done.add(trial.number)
        running = self._running.pop(trial.number, None)
        asked = self._asked.pop(trial.number, None)
        if running is not None and asked is not None and any(trial.params.get(name) != one for name, one in asked.items()):
            # Some of it was fixed or chosen elsewhere.
            self._study.tell(running, state=frozen.TrialState.FAIL, reason="evaluated with other parameters")
            running = None
        if running is not None:
            self._tell(running, trial)
        elif trial.state != TrialState.FAIL and self._fits(trial):
            self._add(trial)

    def _tell(self, running: Trial, trial: FrozenTrial) -> None:
        for name, one in constraints.read(trial.system_attrs).items():
            running.set_constraint(name, one)
        self._running[trial.number] = running
        self._report(trial)
        del self._running[trial.number]
        self._reported.pop(trial.number, None)
        if trial.state == TrialState.COMPLETE:
            self._study.tell(running, trial.values)
        else:
            state = frozen.TrialState.PRUNED if trial.state == TrialState.PRUNED else frozen.TrialState.FAIL
            self._study.tell(running, state=state, reason=str(trial.system_attrs.get("fail_reason", "")) or None)

    def _add(self, trial: FrozenTrial) -> None:
        try:
            self._study.add_trial(
                self._params(trial), trial.values if trial.state == TrialState.COMPLETE else None,
                state=frozen.TrialState[trial.state.name],
                intermediate_values=trial.intermediate_values if self._single else None,
                constraints=constraints.read(trial.system_attrs),
            )  # fmt: skip
        except AttuneError:
            return  # a point that this space does not have: nothing to learn from here

    def _report(self, trial: FrozenTrial) -> None:
        if not self._single:
            return
        reported = self._reported.setdefault(trial.number, set())
        for step, one in sorted(trial.intermediate_values.items()):
            if step not in reported and step >= 0:
                reported.add(step)
                self._running[trial.number].report(one, step)

    def _fits(self, trial: FrozenTrial) -> bool:
        return all(
            name in trial.params and holds(distribution, trial.params[name]) for name, distribution in self._space.items()
        )

    def _params(self, trial: FrozenTrial) -> dict[str, Any]:
        return {name: found(distribution, trial.params[name]) for name, distribution in self._space.items()}
