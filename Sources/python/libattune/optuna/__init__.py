"""Optuna with Attune's strategies and pruners, and studies carried over both ways.

    from libattune.optuna import AttuneSampler

    study = optuna.create_study(sampler=AttuneSampler(seed=1))
"""

from .convert import from_optuna, to_optuna
from .pruner import AttunePruner
from .sampler import AttuneSampler

__all__ = ["AttunePruner", "AttuneSampler", "from_optuna", "to_optuna"]
