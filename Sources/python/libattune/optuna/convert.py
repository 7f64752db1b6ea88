"""Whole studies between Optuna and Attune."""

from __future__ import annotations

from typing import Any, Optional

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.trial import FrozenTrial, create_trial

from .. import distributions as own
from ..frozen import TrialState
from ..study import Study
from ..trial import Trial
from . import constraints


def from_optuna(study: optuna.Study, **settings: Any) -> Study:
    """A define-by-run study with the finished trials of one of Optuna's; `settings` are those of Study.

    Attributes, intermediate values and constraints come along. A choice that is no None, bool, number or text is
    refused.
    """
    directions = ["maximize" if one == optuna.study.StudyDirection.MAXIMIZE else "minimize" for one in study.directions]
    settings.setdefault("study_name", study.study_name)
    copy = Study(directions=directions, **settings)
    for key, fact in study.user_attrs.items():
        copy.set_attribute(key, fact)
    for trial in study.get_trials(deepcopy=False):
        if trial.state.is_finished():
            _replay(copy, trial)
    return copy


def _replay(study: Study, trial: FrozenTrial) -> None:
    study.enqueue_trial(trial.params)
    copy = study.ask()
    for name, distribution in trial.distributions.items():
        _suggest(copy, name, distribution)
    for key, fact in trial.user_attrs.items():
        copy.set_attribute(key, fact)
    for step, value in sorted(trial.intermediate_values.items()):
        copy.report([value] * len(study.directions) if len(study.directions) > 1 else value, step)
    for name, value in constraints.read(trial.system_attrs).items():
        copy.set_constraint(name, value)
    if trial.state == optuna.trial.TrialState.COMPLETE:
        study.tell(copy, trial.values)
    else:
        study.tell(copy, state=TrialState[trial.state.name])


def _suggest(trial: Trial, name: str, distribution: BaseDistribution) -> None:
    if isinstance(distribution, FloatDistribution):
        trial.suggest_float(name, distribution.low, distribution.high, step=distribution.step, log=distribution.log)
    elif isinstance(distribution, IntDistribution):
        trial.suggest_int(name, distribution.low, distribution.high, step=distribution.step, log=distribution.log)
    elif isinstance(distribution, CategoricalDistribution):
        trial.suggest_categorical(name, list(distribution.choices))
    else:
        raise NotImplementedError(f"{distribution!r} is not supported, wanted a float, int or categorical distribution")


def to_optuna(study: Study, *, storage: Any = None, study_name: Optional[str] = None) -> optuna.Study:
    """A study of Optuna's with the finished trials of one of Attune's."""
    goals = {"minimize": optuna.study.StudyDirection.MINIMIZE, "maximize": optuna.study.StudyDirection.MAXIMIZE}
    copy = optuna.create_study(
        directions=[goals[one] for one in study.directions], storage=storage, study_name=study_name or study.study_name
    )
    space = {name: _distribution(parameter) for name, parameter in study.space.parameters.items()}
    for trial in study.trials:
        if not trial.state.is_finished:
            continue
        attributes = constraints.written(trial.constraints)
        if trial.reason:
            attributes["fail_reason"] = trial.reason
        copy.add_trial(
            create_trial(
                state=optuna.trial.TrialState[trial.state.name],
                values=trial.values if trial.state is TrialState.COMPLETE else None,
                params=trial.params,
                distributions={name: space[name] for name in trial.params},
                user_attrs=trial.attributes,
                system_attrs=attributes,
                intermediate_values={
                    step: value for step, value in trial.intermediate_values.items() if isinstance(value, (int, float))
                },
            )
        )
    return copy


def _distribution(parameter: own.Distribution) -> BaseDistribution:
    if isinstance(parameter, own.FloatDistribution):
        return FloatDistribution(parameter.low, parameter.high, log=parameter.log, step=parameter.step)
    if isinstance(parameter, own.IntDistribution):
        return IntDistribution(parameter.low, parameter.high, log=parameter.log, step=parameter.step)
    if isinstance(parameter, own.CategoricalDistribution):
        return CategoricalDistribution(list(parameter.choices))
    return CategoricalDistribution([parameter.value])
