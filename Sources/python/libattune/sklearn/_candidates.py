"""The trials of a search: asked from a study, evaluated on folds, told."""

from __future__ import annotations

import math
import time
from typing import Any, Optional

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import check_random_state
from sklearn.utils.parallel import Parallel

from ..errors import ExhaustedError
from ..frozen import FrozenTrial, TrialState
from ..study import Study
from ..trial import Trial
from ._folds import Folds, Row, absent, mean_score
from .space import SearchSpace

#: The attribute that keeps a trial's rows: what a search that goes on needs for its cv_results_.
_ROWS = "fits"
#: The attribute that keeps how many resources it had.
_AMOUNT = "n_resources"


class Candidates:
    """Candidates in the order of their trials, and a row for each fold of each."""

    def __init__(self, search: Any, space: SearchSpace, folds: Folds, metrics: list[str], n_iter: Optional[int]) -> None:
        self._search, self._space, self._folds, self._n_iter = search, space, folds, n_iter
        self._metrics = metrics
        self._resources = folds.resources
        if self._resources is not None and len(metrics) > 1:
            raise ValueError(f"resource with the metrics {', '.join(metrics)}, wanted refit to name one of them")
        self.parameters: list[dict[str, Any]] = []
        self.rows: list[list[Row]] = []
        self.trials: list[FrozenTrial] = []
        self.pruned = 0
        #: With resources, how many each had at its last rung.
        self.amounts: list[int] = []

    def run(self) -> None:
        """Evaluates until there are n_iter, the time is over or the space is explored."""
        search = self._search
        options = dict(search.strategy_options or {})
        if self._space.size is not None:
            options.setdefault("duplicates", "avoid")
        with Study(
            self._space.description, directions=["maximize"] * len(self._metrics), strategy=search.strategy,
            storage=search.storage, study_name=search.study_name, load_if_exists=search.storage is not None,
            seed=_seed(search.random_state), pruner=search.pruner, options=options,
        ) as study:  # fmt: skip
            if self._resources is not None:
                study.set_pruner("asha", min_resource=self._resources.min, reduction_factor=self._resources.factor)
            self._take_over(study)
            self._evaluate_all(study)
            self.trials = study.trials

    def _evaluate_all(self, study: Study) -> None:
        search, end = self._search, None
        if search.timeout is not None:
            end = time.monotonic() + search.timeout
        with Parallel(n_jobs=search.n_jobs, pre_dispatch=search.pre_dispatch) as parallel:
            while end is None or time.monotonic() < end:
                room = self._batch_size() if self._n_iter is None else min(
                    self._batch_size(), self._n_iter - len(self.parameters)
                )  # fmt: skip
                if room <= 0:
                    return
                try:
                    batch = study.ask_batch(room)
                except ExhaustedError:
                    return
                self._evaluate(study, parallel, batch)

    def _batch_size(self) -> int:
        """How many candidates keep the workers busy; fewer learn more from each other."""
        if self._search.batch_size is not None:
            return int(self._search.batch_size)
        width = 1 if self._search.pruner else len(self._folds.splits)
        return max(1, math.ceil(int(effective_n_jobs(self._search.n_jobs)) / width))

    def _evaluate(self, study: Study, parallel: Any, batch: list[Trial]) -> None:
        candidates = [self._space.candidate(trial.params, (study.seed, trial.number)) for trial in batch]
        first, count = len(self.parameters), self._n_iter or self._space.size or 0
        numbered = [(first + place, count, parameters) for place, parameters in enumerate(candidates)]
        open_ = set(range(len(batch)))
        rows: list[list[Row]] = [[] for _ in batch]
        amounts = [0] * len(batch)
        n_splits = len(self._folds.splits)
        stages = self._stages()
        try:
            for folds, step in stages:
                places = sorted(open_)
                given = [(i, count, self._given(parameters, step)) for i, count, parameters in (numbered[p] for p in places)]
                for place, more in zip(places, self._folds.evaluate(parallel, given, folds, step)):
                    rows[place] = more if self._resources is not None else rows[place] + more
                    amounts[place] = step
                    if step != stages[-1][1] and self._is_pruned(study, batch[place], rows[place], step):
                        open_.discard(place)
            self._folds.complete([row for one in rows for row in one])
            for place, trial in enumerate(batch):
                if place in open_:
                    self._tell(study, trial, rows[place])
        except BaseException as error:  # told to the trials, and raised
            for trial in batch:
                if study.trials[trial.number].state is TrialState.RUNNING:
                    study.tell(trial, state=TrialState.FAIL, reason=f"{type(error).__name__}: {error}".replace("\0", ""))
            raise
        self.parameters += [self._given(*one) for one in zip(candidates, amounts)]
        self.amounts += amounts
        self.rows += [one + [absent(one[0])] * (n_splits - len(one)) for one in rows]

    def _stages(self) -> list[tuple[list[int], int]]:
        """What is evaluated between two looks of the pruner: which folds, and at which step."""
        every = list(range(len(self._folds.splits)))
        if self._resources is not None:
            return [(every, amount) for amount in self._resources.rungs]
        return [([fold], fold) for fold in every] if self._search.pruner else [(every, 0)]

    def _given(self, parameters: dict[str, Any], amount: int) -> dict[str, Any]:
        return parameters if self._resources is None else self._resources.parameters(parameters, amount)

    def columns(self) -> dict[str, Any]:
        """What cv_results_ has besides: with resources, HalvingRandomSearchCV's columns."""
        if self._resources is None:
            return {}
        iterations = [self._resources.rungs.index(amount) for amount in self.amounts]
        return {"iter": np.array(iterations), "n_resources": np.array(self.amounts)}

    def _is_pruned(self, study: Study, trial: Trial, rows: list[Row], step: int) -> bool:
        values = self._values(rows)
        trial.report(values[0] if len(values) == 1 else values, step)
        if not trial.should_prune():
            return False
        self._keep(trial, rows, step)
        study.tell(trial, state=TrialState.PRUNED)
        self.pruned += 1
        return True

    def _tell(self, study: Study, trial: Trial, rows: list[Row]) -> None:
        self._keep(trial, rows, self._stages()[-1][1])
        values = self._values(rows)
        errors = [row["fit_error"] for row in rows if row["fit_error"] is not None]
        if errors:
            trial.set_attribute("traceback", errors[0])
        if errors and any(math.isnan(value) for value in values):
            study.tell(trial, state=TrialState.FAIL, reason=errors[0].strip().splitlines()[-1])
        else:
            study.tell(trial, values)

    def _values(self, rows: list[Row]) -> list[float]:
        # A callable scorer may give several metrics though one was expected: the first counts then.
        named = [row["test_scores"] for row in rows if isinstance(row["test_scores"], dict)]
        if named and self._metrics == ["score"]:
            return [mean_score(rows, next(iter(named[0])))]
        return [mean_score(rows, metric) for metric in self._metrics]

    # ---- going on with a storage

    def _keep(self, trial: Trial, rows: list[Row], step: int) -> None:
        if self._resources is not None:
            trial.set_attribute(_AMOUNT, step)
        if self._search.storage is not None:
            trial.set_attribute(_ROWS, [{key: _plain(value) for key, value in row.items()} for row in rows])

    def _take_over(self, study: Study) -> None:
        for trial in study.trials:
            rows = trial.attributes.get(_ROWS)
            if not trial.state.is_finished or not rows:
                continue
            n_splits = len(self._folds.splits)
            if len(rows) > n_splits or (len(rows) < n_splits and trial.state is not TrialState.PRUNED):
                raise ValueError(
                    f'trial {trial.number} of study "{study.study_name}" was scored on {len(rows)} folds, wanted {n_splits}'
                )
            amount = int(trial.attributes.get(_AMOUNT, 0))
            if (amount > 0) != (self._resources is not None) or (
                self._resources is not None and amount not in self._resources.rungs
            ):
                raise ValueError(
                    f'trial {trial.number} of study "{study.study_name}" was given {amount} resources, wanted one of '
                    f"{self._resources.rungs if self._resources is not None else 'no search by resources'}"
                )
            self.amounts.append(amount)
            candidate = self._space.candidate(trial.params, (study.seed, trial.number))
            self.parameters.append(self._given(candidate, amount))
            self.rows.append(rows + [absent(rows[0])] * (n_splits - len(rows)))


def _plain(value: Any) -> Any:
    return {key: float(one) for key, one in value.items()} if isinstance(value, dict) else value


def _seed(random_state: Any) -> Optional[int]:
    if random_state is None or isinstance(random_state, (int, np.integer)):
        return random_state if random_state is None else int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))
