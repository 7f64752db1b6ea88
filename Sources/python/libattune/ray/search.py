"""The searcher for Ray Tune."""

from __future__ import annotations

import glob
import os
from typing import Any, Mapping, Optional, Sequence, Union

from ray import cloudpickle
from ray.tune.search import Searcher
from ray.tune.utils.util import unflatten_dict

from ..errors import ExhaustedError
from ..frozen import TrialState
from ..study import Study
from ..trial import Trial
from .space import SEPARATOR, RaySpace

_DIRECTIONS = {"min": "minimize", "max": "maximize"}
_STEP = "training_iteration"
_LABEL = "ray:trial_id"


class AttuneSearch(Searcher):  # type: ignore[misc]
    """Suggests configurations by Attune's strategies.

    `space` is Ray's, where the Tuner's `param_space` is not; `strategy`, `seed` and `options` are those of Study.
    `metric` and `mode` may be lists. The study lives in memory and in the state that Tune saves, or in a `storage`
    under `study_name`, where it goes on and other programs may read it. A trial that a scheduler stopped before the step
    that others reached is PRUNED; one whose worker failed more often than Tune allows is FAIL.
    """

    def __init__(
        self,
        space: Optional[Mapping[str, Any]] = None,
        metric: Union[str, Sequence[str], None] = None,
        mode: Union[str, Sequence[str], None] = None,
        *,
        points_to_evaluate: Optional[Sequence[Mapping[str, Any]]] = None,
        evaluated_rewards: Optional[Sequence[float]] = None,
        strategy: Optional[str] = None,
        seed: Optional[int] = None,
        storage: Optional[str] = None,
        study_name: Optional[str] = None,
        options: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(metric, mode)
        self._metric: Any = metric
        self._mode: Any = mode
        self._points = list(points_to_evaluate or ())
        self._rewards = list(evaluated_rewards or ())
        if self._rewards and len(self._rewards) != len(self._points):
            raise ValueError(
                f"evaluated_rewards has {len(self._rewards)} numbers, wanted one for each of {len(self._points)} points"
            )
        self._settings: dict[str, Any] = {"strategy": strategy, "seed": seed, "options": dict(options or {})}
        if storage is not None:
            self._settings.update(storage=storage, study_name=study_name or "ray", load_if_exists=True)
        self._space: Optional[RaySpace] = None
        self._study: Optional[Study] = None
        self._live: dict[str, Trial] = {}
        self._spare: list[Trial] = []
        self._furthest = 0
        if space is not None:
            self._space = RaySpace(space)
            if metric is not None and mode is not None:
                self._begin()

    # ---- the study

    @property
    def study(self) -> Study:
        """All trials so far."""
        if self._study is None:
            raise RuntimeError("the search has not begun: AttuneSearch needs a space, a metric and a mode")
        return self._study

    def set_search_properties(self, metric: Any, mode: Any, config: dict[str, Any], **spec: Any) -> bool:
        """Takes what the Tuner knows: its param_space, metric and mode."""
        if self._study is not None:
            return False
        self._metric, self._mode = metric or self._metric, mode or self._mode
        if self._space is None:
            self._space = RaySpace(config)
        elif RaySpace(config).parameters:
            return False
        if not self._metric or not self._mode or not self._space.parameters:
            return False
        self._begin()
        return True

    def _begin(self) -> None:
        assert self._space is not None
        directions = [_DIRECTIONS[mode] for mode in self._modes]
        self._study = Study(self._space.parameters, directions=directions, **self._settings)
        if len(self._study):
            return  # goes on: the points are among its trials
        for index, point in enumerate(self._points):
            if self._rewards:
                self.add_evaluated_point(dict(point), self._rewards[index])
            else:
                self._study.enqueue_trial(self._space.params(point))

    @property
    def _modes(self) -> list[str]:
        return [self._mode] if isinstance(self._mode, str) else list(self._mode)

    @property
    def _metrics(self) -> list[str]:
        return [self._metric] if isinstance(self._metric, str) else list(self._metric)

    # ---- what Tune calls

    def suggest(self, trial_id: str) -> Any:
        """A configuration; FINISHED when a finite strategy has proposed every point."""
        study = self.study
        assert self._space is not None
        if trial_id not in self._live:
            try:
                trial = self._spare.pop(0) if self._spare else study.ask()
                # After a restart a storage issues again what was running; that belongs to the trials Tune restored.
                while (owner := self._owner(trial.number)) is not None:
                    self._live[owner] = trial
                    trial = study.ask()
            except ExhaustedError:
                return Searcher.FINISHED
            trial.set_attribute(_LABEL, trial_id)
            self._live[trial_id] = trial
        return unflatten_dict(self._space.values(self._live[trial_id].params), delimiter=SEPARATOR)

    def _owner(self, number: int) -> Optional[str]:
        return next((trial_id for trial_id, trial in self._live.items() if trial.number == number), None)

    def on_trial_result(self, trial_id: str, result: dict[str, Any]) -> None:
        """Reports what a trial has so far."""
        values, trial = self._values(result), self._live.get(trial_id)
        step = int(result.get(_STEP, 0))
        self._furthest = max(self._furthest, step)
        if values is not None and trial is not None:
            trial.report(values[0] if len(values) == 1 else values, step)

    def on_trial_complete(self, trial_id: str, result: Optional[dict[str, Any]] = None, error: bool = False) -> None:
        """Tells how a trial ended."""
        trial = self._live.pop(trial_id, None)
        if trial is None:
            return  # an end that was told before the state was restored
        values = self._values(result or {})
        if error or values is None:
            lacks = f"no {', '.join(self._metrics)} in its result" if result else "ended without a result"
            self.study.tell(trial, state=TrialState.FAIL, reason="its worker failed" if error else lacks)
            return
        step = int((result or {}).get(_STEP, 0))
        if not (result or {}).get("done") and step < self._furthest and len(values) == 1:
            trial.report(values[0], step)
            self.study.tell(trial, state=TrialState.PRUNED, reason=f"stopped by Ray's scheduler at step {step}")
            return
        self._furthest = max(self._furthest, step)
        self.study.tell(trial, values[0] if len(values) == 1 else values)

    def _values(self, result: Mapping[str, Any]) -> Optional[list[float]]:
        found = [result.get(name) for name in self._metrics]
        return None if any(value is None for value in found) else [float(value) for value in found]  # type: ignore[arg-type]

    def add_evaluated_point(
        self,
        parameters: dict[str, Any],
        value: float,
        error: bool = False,
        pruned: bool = False,
        intermediate_values: Optional[list[float]] = None,
    ) -> None:
        """Adds a trial that was evaluated elsewhere."""
        assert self._space is not None
        state = TrialState.FAIL if error else TrialState.PRUNED if pruned else TrialState.COMPLETE
        reports = dict(enumerate(intermediate_values or ([value] if pruned else []), 1))
        self.study.add_trial(
            self._space.params(parameters), value if state is TrialState.COMPLETE else None, state=state,
            intermediate_values=reports,
        )  # fmt: skip

    # ---- state

    def get_state(self) -> dict[str, Any]:
        """Everything, as plain data."""
        state = {name: value for name, value in self.__dict__.items() if name not in ("_study", "_live", "_spare")}
        state["live"] = {trial_id: trial.number for trial_id, trial in self._live.items()}
        state["spare"] = [trial.number for trial in self._spare]
        if self._study is not None:
            state["document"] = None if "storage" in self._settings else self._study.to_json()
        return state

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from a state: running trials keep their numbers, and Tune's identifiers lead to them."""
        kept = dict(state)
        live, spare, document = kept.pop("live"), kept.pop("spare", []), kept.pop("document", "")
        self.__dict__.update(kept)
        self._live, self._spare, self._study = {}, [], None
        if document == "":
            return  # had not begun
        if document is None:
            self._study = Study.open(self._settings["storage"], self._settings["study_name"])
        else:
            self._study = Study.from_json(document)
        running = {trial.number for trial in self._study.get_trials([TrialState.RUNNING])}
        self._live = {
            trial_id: self._study.resume_trial(number) for trial_id, number in live.items() if number in running
        }
        self._spare = [self._study.resume_trial(number) for number in spare if number in running]

    def save(self, checkpoint_path: str) -> None:
        """Writes the state to a file, whole or not at all."""
        part = f"{checkpoint_path}.part"
        with open(part, "wb") as out:
            cloudpickle.dump(self.get_state(), out)
        os.replace(part, checkpoint_path)

    def restore(self, checkpoint_path: str) -> None:
        """Reads what save wrote."""
        with open(checkpoint_path, "rb") as found:
            self.set_state(cloudpickle.load(found))
        if self._study is not None:
            self._agree(os.path.dirname(checkpoint_path))

    def _agree(self, folder: str) -> None:
        """Goes on with the trials Tune goes on with: it saves its state in files, and may die between two of them."""
        saved = ""
        for path in glob.glob(os.path.join(glob.escape(folder), "experiment_state-*.json")):
            with open(path, encoding="utf-8") as file:
                saved += file.read()
        if not saved:
            return  # not from a run of Tune's
        unknown = [trial_id for trial_id in self._live if trial_id not in saved]
        self._spare += [self._live.pop(trial_id) for trial_id in unknown]
        taken = {trial.number for trial in (*self._live.values(), *self._spare)}
        for trial in self.study.get_trials([TrialState.RUNNING]):
            trial_id = trial.attributes.get(_LABEL)
            if trial.number not in taken and trial_id is not None and trial_id in saved:
                self._live[trial_id] = self.study.resume_trial(trial.number)

    def __getstate__(self) -> dict[str, Any]:
        return self.get_state()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.set_state(state)
