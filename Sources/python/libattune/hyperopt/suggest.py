"""Attune as an algorithm of Hyperopt's: it is told what Trials has, and gives documents of new trials."""

from __future__ import annotations

import math
import weakref
from typing import Any, Optional

from hyperopt.base import (
    JOB_STATE_DONE,
    JOB_STATE_ERROR,
    STATUS_OK,
    miscs_update_idxs_vals,
    spec_from_misc,
)

from ..errors import AttuneError, ExhaustedError
from ..frozen import TrialState
from ..study import Study
from ..trial import Trial
from .space import HyperoptSpace

#: Hyperopt's algorithms by module, as strategies; None is the default one.
STRATEGIES: dict[str, Optional[str]] = {"rand": "random", "tpe": "tpe", "anneal": None, "atpe": None}
#: Keywords of Hyperopt's algorithms, as options.
_OPTIONS = {"n_startup_jobs": "n_startup_trials", "n_EI_candidates": "n_ei_candidates"}

_spaces: weakref.WeakKeyDictionary[Any, HyperoptSpace] = weakref.WeakKeyDictionary()
_searches: weakref.WeakKeyDictionary[Any, dict[Any, _Search]] = weakref.WeakKeyDictionary()


class Suggest:
    """An algorithm with a strategy: what `fmin` takes as algo. Keywords are the strategy's options."""

    def __init__(self, strategy: Optional[str] = None) -> None:
        self.strategy = strategy

    def __call__(self, new_ids: list[int], domain: Any, trials: Any, seed: int, **options: Any) -> list[Any]:
        """Documents of new trials, one for each id; fewer when the space is explored."""
        settings = {_OPTIONS.get(name, name): value for name, value in options.items() if name != "verbose"}
        space = _spaces.get(domain) or _spaces.setdefault(domain, HyperoptSpace(domain.expr))
        searches = _searches.setdefault(trials, {})
        key = (self.strategy, tuple(sorted(settings.items())), space.space)
        search = searches.get(key)
        if search is None:
            search = searches[key] = _Search(space, Study(space.space, strategy=self.strategy, seed=seed, options=settings))
        search.take(trials)
        return search.give(new_ids, domain, trials)


#: The algorithm with Attune's default strategy.
suggest = Suggest()


class _Search:
    """A study beside one Trials object."""

    def __init__(self, space: HyperoptSpace, study: Study) -> None:
        self._space, self._study = space, study
        self._asked: dict[int, Trial] = {}
        self._known: set[int] = set()

    def take(self, trials: Any) -> None:
        """Tells the study what is finished, also what others made: points to evaluate, an earlier run."""
        for document in trials._dynamic_trials:
            if document["tid"] in self._known or document["state"] not in (JOB_STATE_DONE, JOB_STATE_ERROR):
                continue
            self._known.add(document["tid"])
            loss, reason = _outcome(document)
            trial = self._asked.pop(document["tid"], None)
            if trial is None:
                self._add(spec_from_misc(document["misc"]), loss, reason)
            elif loss is None:
                self._study.tell(trial, state=TrialState.FAIL, reason=reason)
            else:
                self._study.tell(trial, loss)

    def _add(self, values: dict[str, Any], loss: Optional[float], reason: Optional[str]) -> None:
        params = self._space.params(values)
        if params is None or (loss is not None and math.isnan(loss)):
            return
        try:
            if loss is None:
                self._study.add_trial(params, state=TrialState.FAIL, reason=reason)
            else:
                self._study.add_trial(params, loss)
        except AttuneError:
            return  # outside of the space: Trials keeps it, the strategy cannot learn from it

    def give(self, new_ids: list[int], domain: Any, trials: Any) -> list[Any]:
        """Asks for as many trials as there are ids."""
        documents: list[Any] = []
        try:
            asked = self._study.ask_batch(len(new_ids))
        except ExhaustedError:
            return documents
        for number, trial in zip(new_ids, asked):
            self._asked[number] = trial
            point = self._space.point(trial.params)
            misc = {"tid": number, "cmd": domain.cmd, "workdir": domain.workdir}
            idxs = {label: [number] if label in point else [] for label in self._space.labels}
            vals = {label: [point[label]] if label in point else [] for label in self._space.labels}
            miscs_update_idxs_vals([misc], idxs, vals)
            documents += trials.new_trial_docs([number], [None], [domain.new_result()], [misc])
        return documents


def _outcome(document: Any) -> tuple[Optional[float], Optional[str]]:
    if document["state"] == JOB_STATE_ERROR:
        return None, " ".join(str(part) for part in document["misc"].get("error", ("error",))).replace("\0", "")
    result = document["result"]
    if result.get("status") != STATUS_OK or result.get("loss") is None:
        return None, f"status {result.get('status')!r}"
    return float(result["loss"]), None
