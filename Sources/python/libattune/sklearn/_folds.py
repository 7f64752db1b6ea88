"""Fitting and scoring candidates on the folds of a cross-validation."""

from __future__ import annotations

import math
from typing import Any, Optional

from sklearn.base import clone
from sklearn.model_selection._validation import _fit_and_score, _insert_error_scores
from sklearn.utils.parallel import delayed

from ._contexts import Contexts
from ._resources import Resources

#: One row of what _fit_and_score gives; None for a fold that was not evaluated.
Row = dict[str, Any]


class Folds:
    """The data of one fit, its splits, and how a candidate is scored on one."""

    def __init__(
        self,
        search: Any,
        X: Any,
        y: Any,
        splits: list[Any],
        scorers: Any,
        routed: Any,
        contexts: Contexts,
        resources: Optional[Resources] = None,
    ) -> None:
        self.resources = resources
        self._search, self._X, self._y, self.splits, self._contexts = search, X, y, splits, contexts
        self._estimator = clone(search.estimator)
        self._arguments = {
            "scorer": scorers,
            "fit_params": routed.estimator.fit,
            "score_params": routed.scorer.score,
            "return_train_score": search.return_train_score,
            "return_n_test_samples": True,
            "return_times": True,
            "return_parameters": False,
            "error_score": search.error_score,
            "verbose": search.verbose,
        }

    def evaluate(
        self, parallel: Any, candidates: list[tuple[int, int, dict[str, Any]]], folds: list[int], amount: int = 0
    ) -> list[list[Row]]:
        """A row for each fold of each candidate, given as its place, how many there will be, and its parameters.

        With resources, what a candidate is given is `amount` of them.
        """
        splits = self.splits if self.resources is None else self.resources.splits(amount)
        rows = parallel(
            delayed(_fit_and_score)(
                clone(self._estimator), self._X, self._y, train=splits[fold][0], test=splits[fold][1],
                parameters=parameters, split_progress=(fold, len(self.splits)), candidate_progress=(place, count),
                **self._arguments, **self._contexts.evaluation(),
            )
            for place, count, parameters in candidates
            for fold in folds
        )  # fmt: skip
        return [rows[start : start + len(folds)] for start in range(0, len(rows), len(folds))]

    def complete(self, rows: list[Row]) -> None:
        """Puts a scorer's names in where its fit failed: those of a callable scorer are known when one fit did not."""
        if callable(self._search.scoring):
            _insert_error_scores(rows, self._search.error_score)


def mean_score(rows: list[Row], metric: str) -> float:
    """The mean of a metric; NaN where a fold has none."""
    scores = [row["test_scores"] for row in rows]
    numbers = [one.get(metric, math.nan) if isinstance(one, dict) else one for one in scores]
    return float(sum(numbers) / len(numbers)) if numbers else math.nan


def absent(like: Row) -> Row:
    """The row of a fold that a pruned candidate was not evaluated on."""
    def empty(scores: Any) -> Any:
        return dict.fromkeys(scores, math.nan) if isinstance(scores, dict) else math.nan

    row = {**like, "fit_time": math.nan, "score_time": math.nan, "n_test_samples": 0, "fit_error": None}
    for key in ("test_scores", "train_scores"):
        if key in row:
            row[key] = empty(row[key])
    return row
