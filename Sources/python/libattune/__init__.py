"""Attune: hyperparameter tuning by the engine of libattune.so.

    import libattune

    def objective(trial):
        x = trial.suggest_float("x", -10, 10)
        return (x - 2) ** 2

    with libattune.Study(seed=1) as study:
        study.optimize(objective, n_trials=50)
        print(study.best_params, study.best_value)
"""

from ._library import get_include, library_path, version
from .catalog import (
    build_info,
    describe_pruner,
    describe_stop_rule,
    describe_strategy,
    pruners,
    set_log_level,
    stop_rules,
    strategies,
)
from .distributions import CategoricalDistribution, FixedDistribution, FloatDistribution, IntDistribution
from .errors import (
    AlreadyExistsError,
    AttuneError,
    CancelledError,
    ConflictError,
    ExhaustedError,
    FileError,
    InactiveError,
    InternalError,
    InvalidArgumentError,
    InvalidStateError,
    NotFoundError,
    NotSupportedError,
    ObjectiveError,
    OutOfMemoryError,
    PluginError,
    StorageError,
    TimeLimitError,
    TrialPruned,
    TypeMismatchError,
)
from .frozen import FrozenTrial, TrialState
from .objectives import Objective, plugins
from .space import Space
from .study import Study, delete_study, studies
from .trial import Trial

__all__ = [
    "AlreadyExistsError",
    "AttuneError",
    "CancelledError",
    "CategoricalDistribution",
    "ConflictError",
    "ExhaustedError",
    "FileError",
    "FixedDistribution",
    "FloatDistribution",
    "FrozenTrial",
    "InactiveError",
    "IntDistribution",
    "InternalError",
    "InvalidArgumentError",
    "InvalidStateError",
    "NotFoundError",
    "NotSupportedError",
    "Objective",
    "ObjectiveError",
    "OutOfMemoryError",
    "PluginError",
    "Space",
    "StorageError",
    "Study",
    "TimeLimitError",
    "Trial",
    "TrialPruned",
    "TrialState",
    "TypeMismatchError",
    "build_info",
    "delete_study",
    "describe_pruner",
    "describe_stop_rule",
    "describe_strategy",
    "get_include",
    "library_path",
    "plugins",
    "pruners",
    "set_log_level",
    "stop_rules",
    "strategies",
    "studies",
    "version",
]
