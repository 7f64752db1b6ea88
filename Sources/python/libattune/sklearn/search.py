"""AttuneSearchCV: a search over parameters by cross-validation, as scikit-learn's own."""

from __future__ import annotations

import numbers
import time
import warnings
from typing import Any, Optional

import numpy as np
from sklearn.base import _fit_context, clone, is_classifier
from sklearn.metrics._scorer import _MultimetricScorer
from sklearn.model_selection import check_cv
from sklearn.model_selection._search import BaseSearchCV
from sklearn.model_selection._validation import _warn_or_raise_about_fit_failures
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_method_params, _num_samples, indexable

from . import _resources
from ._candidates import Candidates
from ._contexts import Contexts
from ._folds import Folds
from ._resources import Resources
from .space import SearchSpace

_NONE = "No fits were performed. Was the CV iterator empty? Were there no candidates?"


class AttuneSearchCV(BaseSearchCV):  # type: ignore[misc]
    """RandomizedSearchCV whose candidates are chosen from the scores so far.

    The parameters are those of RandomizedSearchCV, with `n_iter` None for as many as there are in a finite space
    (`strategy="grid"` is GridSearchCV), and

    strategy: a name of `libattune.strategies()`; `strategy_options` are its own.
    storage, study_name: where trials are kept; a search that is fitted again goes on with them, up to n_iter in all.
    pruner: "median" and others: folds are evaluated one after another, and a candidate may be given up between them;
        its missing scores are NaN.
    batch_size: candidates at a time; by default as many as keep n_jobs busy.
    timeout: seconds after which no further candidate begins.
    resource, factor, min_resources, max_resources: HalvingRandomSearchCV's, for asynchronous successive halving:
        "n_samples", or a parameter of the estimator, grows by `factor` while a candidate is among the best that reached
        its rung. cv_results_ has the last rung of each, with its `n_resources`; the best is one of the largest.
    n_candidates: HalvingRandomSearchCV's word for n_iter. aggressive_elimination is refused.

    With several metrics the one that `refit` names is maximized; where `refit` is False or a function, all are, as a
    Pareto front. `trials_` has the study's trials after fit.
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseSearchCV._parameter_constraints,
        "param_distributions": [dict, list],
        "n_iter": [Interval(numbers.Integral, 1, None, closed="left"), None],
        "random_state": ["random_state"],
        "strategy": [str, None],
        "strategy_options": [dict, None],
        "storage": [str, None],
        "study_name": [str, None],
        "pruner": [str, None],
        "batch_size": [Interval(numbers.Integral, 1, None, closed="left"), None],
        "timeout": [Interval(numbers.Real, 0, None, closed="neither"), None],
        "resource": [str, None],
        "factor": [Interval(numbers.Integral, 2, None, closed="left")],
        "min_resources": [Interval(numbers.Integral, 1, None, closed="left"), StrOptions({"smallest", "exhaust"})],
        "max_resources": [Interval(numbers.Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "n_candidates": [Interval(numbers.Integral, 1, None, closed="left"), None],
        "aggressive_elimination": ["boolean"],
    }

    def __init__(
        self,
        estimator: Any,
        param_distributions: Any,
        *,
        n_iter: Optional[int] = 10,
        scoring: Any = None,
        n_jobs: Optional[int] = None,
        refit: Any = True,
        cv: Any = None,
        verbose: int = 0,
        pre_dispatch: Any = "2*n_jobs",
        random_state: Any = None,
        error_score: Any = np.nan,
        return_train_score: bool = False,
        strategy: Optional[str] = None,
        strategy_options: Optional[dict[str, Any]] = None,
        storage: Optional[str] = None,
        study_name: Optional[str] = None,
        pruner: Optional[str] = None,
        batch_size: Optional[int] = None,
        timeout: Optional[float] = None,
        resource: Optional[str] = None,
        factor: int = 3,
        min_resources: Any = "smallest",
        max_resources: Any = "auto",
        n_candidates: Optional[int] = None,
        aggressive_elimination: bool = False,
    ) -> None:
        self.param_distributions = param_distributions
        self.n_iter = n_iter
        self.random_state = random_state
        self.strategy = strategy
        self.strategy_options = strategy_options
        self.storage = storage
        self.study_name = study_name
        self.pruner = pruner
        self.batch_size = batch_size
        self.timeout = timeout
        self.resource = resource
        self.factor = factor
        self.min_resources = min_resources
        self.max_resources = max_resources
        self.n_candidates = n_candidates
        self.aggressive_elimination = aggressive_elimination
        super().__init__(
            estimator=estimator, scoring=scoring, n_jobs=n_jobs, refit=refit, cv=cv, verbose=verbose,
            pre_dispatch=pre_dispatch, error_score=error_score, return_train_score=return_train_score,
        )  # fmt: skip

    @_fit_context(prefer_skip_nested_validation=False)  # type: ignore[untyped-decorator]
    def fit(self, X: Any, y: Any = None, **params: Any) -> AttuneSearchCV:
        """Searches, and fits the best estimator on all data unless refit is False."""
        refused = _resources.check(self)
        if refused is not None:
            raise ValueError(refused)
        scorers, refit_metric = self._get_scorers()
        X, y = indexable(X, y)
        params = _check_method_params(X, params=params)
        routed = self._get_routed_params_for_fit(params)
        contexts = Contexts(self, X, y, params.get("sample_weight"))
        splitter = check_cv(self.cv, y, classifier=is_classifier(self.estimator))
        self.n_splits_ = splitter.get_n_splits(X, y, **routed.splitter.split)
        splits = list(splitter.split(X, y, **routed.splitter.split))
        if len(splits) != self.n_splits_:
            raise ValueError(
                "cv.split and cv.get_n_splits return inconsistent results. "
                f"Expected {self.n_splits_} splits, got {len(splits)}"
            )
        if not splits:
            raise ValueError(_NONE)
        resources = None if self.resource is None else Resources(self, y, splits, _num_samples(X))
        found = self._search(Folds(self, X, y, splits, scorers, routed, contexts, resources), scorers, contexts)
        first = found.rows[0][0]["test_scores"]
        self.multimetric_ = isinstance(first, dict)
        if callable(self.scoring) and self.multimetric_:
            self._check_refit_for_multimetric(first)
            refit_metric = self.refit
        results = self._results(found)
        self._choose(refit_metric, results)
        if self.refit:
            self._refit(X, y, routed, contexts)
        self.scorer_ = scorers._scorers if isinstance(scorers, _MultimetricScorer) else scorers
        self.cv_results_ = results
        self.trials_ = found.trials
        for name, fact in (resources.facts() if resources is not None else {}).items():
            setattr(self, name, fact)
        contexts.end()
        return self

    def _run_search(self, evaluate_candidates: Any) -> None:
        raise NotImplementedError("AttuneSearchCV evaluates fold by fold: see fit")

    def _search(self, folds: Folds, scorers: Any, contexts: Contexts) -> Candidates:
        space = SearchSpace(self.param_distributions)
        n_iter = self.n_iter if self.n_candidates is None else self.n_candidates
        if space.size is not None and (n_iter is None or n_iter > space.size):
            if n_iter is not None:
                warnings.warn(
                    f"The total space of parameters {space.size} is smaller than n_iter={n_iter}. "
                    f"Running {space.size} iterations.",
                    UserWarning,
                    stacklevel=3,
                )
            n_iter = space.size
        if n_iter is None and self.timeout is None:
            raise ValueError("n_iter is None, wanted a number, a timeout, or lists alone as param_distributions")
        if self.verbose > 0 and n_iter is not None:
            print(
                f"Fitting {self.n_splits_} folds for each of {n_iter} candidates, totalling {n_iter * self.n_splits_} fits"
            )
        # How many rungs candidates reach is not known before.
        contexts.begin_search(None if n_iter is None or folds.resources is not None else n_iter * self.n_splits_)
        metrics = ["score"]
        if isinstance(self.refit, str):
            metrics = [self.refit]
        elif isinstance(scorers, _MultimetricScorer):
            metrics = list(scorers._scorers)
        found = Candidates(self, space, folds, metrics, n_iter)
        found.run()
        rows = [row for one in found.rows for row in one]
        if not rows:
            raise ValueError(_NONE)
        folds.complete(rows)
        _warn_or_raise_about_fit_failures(rows, self.error_score)
        contexts.end_search()
        return found

    def _results(self, found: Candidates) -> dict[str, Any]:
        with warnings.catch_warnings():
            if found.pruned:
                warnings.filterwarnings("ignore", message="One or more of the .* scores are non-finite")
            results: dict[str, Any] = self._format_results(
                found.parameters, self.n_splits_, [row for one in found.rows for row in one], found.columns()
            )
        return results

    def _choose(self, refit_metric: Any, results: dict[str, Any]) -> None:
        if not self.refit and self.multimetric_:
            return
        self.best_index_ = self._best_index(refit_metric, results)
        if not callable(self.refit):
            self.best_score_ = results[f"mean_test_{refit_metric}"][self.best_index_]
        self.best_params_ = results["params"][self.best_index_]

    def _best_index(self, refit_metric: Any, results: dict[str, Any]) -> int:
        if "n_resources" not in results or callable(self.refit):
            return int(self._select_best_index(self.refit, refit_metric, results))
        # Scores of different amounts do not compare: the best is among those that had the most.
        amounts, scores = results["n_resources"], results[f"mean_test_{refit_metric}"]
        largest = np.flatnonzero(amounts == amounts.max())
        ranked = np.where(np.isnan(scores[largest]), -np.inf, scores[largest])
        return int(largest[np.argmax(ranked)])

    def _refit(self, X: Any, y: Any, routed: Any, contexts: Contexts) -> None:
        # Parameters may be estimators, which must not be shared with what cv_results_ shows.
        self.best_estimator_ = clone(self.estimator).set_params(**clone(self.best_params_, safe=False))
        with contexts.refit(self.best_estimator_):
            begun = time.time()
            if y is not None:
                self.best_estimator_.fit(X, y, **routed.estimator.fit)
            else:
                self.best_estimator_.fit(X, **routed.estimator.fit)
            self.refit_time_ = time.time() - begun
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_
