"""Hyperopt's fmin, with Attune for its algorithm."""

from __future__ import annotations

import functools
from typing import Any, Optional

import hyperopt

from .suggest import STRATEGIES, Suggest, suggest


def fmin(fn: Any, space: Any, algo: Optional[Any] = None, *arguments: Any, **keywords: Any) -> Any:
    """Minimizes a function over a space: the arguments and the result are those of hyperopt.fmin.

    `algo` None is Attune's default strategy; the algorithms of Hyperopt's own modules stand for the strategies of the
    same kind. Any other algo is called as it is.
    """
    return hyperopt.fmin(fn, space, _own(algo), *arguments, **keywords)


def _own(algo: Optional[Any]) -> Any:
    if algo is None:
        return suggest
    if isinstance(algo, functools.partial) and not algo.args:
        inner = _own(algo.func)
        return algo if inner is algo.func else functools.partial(inner, **algo.keywords)
    module, _, name = getattr(algo, "__module__", "").rpartition(".")
    if module == "hyperopt" and name in STRATEGIES and getattr(algo, "__name__", "") == "suggest":
        return Suggest(STRATEGIES[name])
    return algo
