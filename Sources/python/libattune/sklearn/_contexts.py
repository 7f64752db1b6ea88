"""scikit-learn's callbacks (since 1.9) around a search; nothing where it is older."""

from __future__ import annotations

import contextlib
from inspect import signature
from typing import Any, Iterator, Optional

from sklearn.model_selection._validation import _fit_and_score

_PASSED = "callback_ctx" in signature(_fit_and_score).parameters


class Contexts:
    """The tasks of one fit, as scikit-learn's callbacks are told of them."""

    def __init__(self, search: Any, X: Any, y: Any, sample_weight: Any) -> None:
        self._search, self._data = search, {"X": X, "y": y}
        if sample_weight is not None:
            self._data["metadata"] = {"sample_weight": sample_weight}
        self._root: Optional[Any] = None
        self._task: Optional[Any] = None
        if hasattr(search, "_init_callback_context"):
            self._root = search._init_callback_context(max_subtasks=1 + (search.refit is not False))
            self._root = self._root.call_on_fit_task_begin(estimator=search, **self._data)
        self._count = 0

    def begin_search(self, max_subtasks: Optional[int]) -> None:
        """The candidates are about to be evaluated."""
        if self._root is not None:
            task = self._root.subcontext(task_name="search", max_subtasks=max_subtasks, sequential_subtasks=False)
            self._task = task.call_on_fit_task_begin(estimator=self._search)

    def evaluation(self) -> dict[str, Any]:
        """The arguments of _fit_and_score for one candidate and split."""
        if not _PASSED:
            return {}
        context = None
        if self._task is not None:
            context = self._task.subcontext(task_name="candidate-split-evaluation", task_id=self._count)
            self._count += 1
        return {"caller": self._search, "callback_ctx": context}

    def end_search(self) -> None:
        """The candidates are evaluated."""
        if self._task is not None:
            self._task.call_on_fit_task_end(estimator=self._search)

    @contextlib.contextmanager
    def refit(self, estimator: Any) -> Iterator[None]:
        """Around the fit of the best estimator."""
        if self._root is None:
            yield
            return
        task = self._root.subcontext(task_name="refit-with-best-params")
        with task.propagate_callback_context(estimator):
            task.call_on_fit_task_begin(estimator=self._search, **self._data)
            yield
        task.call_on_fit_task_end(estimator=self._search, **self._data)

    def end(self) -> None:
        """The fit is over."""
        if self._root is not None:
            self._root.call_on_fit_task_end(estimator=self._search, **self._data)
