"""Hyperopt with Attune's engine: change `hyperopt` to `libattune.hyperopt` in the import.

    from libattune.hyperopt import fmin, hp, tpe

    best = fmin(lambda x: (x - 1) ** 2, hp.uniform("x", -10, 10), algo=tpe.suggest, max_evals=100)

`hp`, `Trials`, `space_eval` and the rest are Hyperopt's own, which must be installed. Without `algo` the strategy is
Attune's default; `suggest` is an algo for Hyperopt's own fmin, too.
"""

from types import SimpleNamespace

from hyperopt import (
    JOB_STATE_DONE,
    JOB_STATE_ERROR,
    JOB_STATE_NEW,
    JOB_STATE_RUNNING,
    STATUS_FAIL,
    STATUS_NEW,
    STATUS_OK,
    STATUS_RUNNING,
    STATUS_STRINGS,
    STATUS_SUSPENDED,
    Ctrl,
    Domain,
    Trials,
    hp,
    pyll,
    space_eval,
    trials_from_docs,
)
from hyperopt.early_stop import no_progress_loss
from hyperopt.fmin import fmin_pass_expr_memo_ctrl, generate_trials_to_calculate, partial

from .fmin import fmin
from .suggest import STRATEGIES, Suggest, suggest

#: Hyperopt's algorithms, each as Attune's strategy of the same kind; where there is none, the default one.
rand, tpe, anneal, atpe = (SimpleNamespace(suggest=Suggest(STRATEGIES[name])) for name in ("rand", "tpe", "anneal", "atpe"))

__all__ = [
    "Ctrl",
    "Domain",
    "JOB_STATE_DONE",
    "JOB_STATE_ERROR",
    "JOB_STATE_NEW",
    "JOB_STATE_RUNNING",
    "STATUS_FAIL",
    "STATUS_NEW",
    "STATUS_OK",
    "STATUS_RUNNING",
    "STATUS_STRINGS",
    "STATUS_SUSPENDED",
    "Suggest",
    "Trials",
    "anneal",
    "atpe",
    "fmin",
    "fmin_pass_expr_memo_ctrl",
    "generate_trials_to_calculate",
    "hp",
    "no_progress_loss",
    "partial",
    "pyll",
    "rand",
    "space_eval",
    "suggest",
    "tpe",
    "trials_from_docs",
]
