"""A search over models in KerasTuner's manner."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from ..errors import TimeLimitError
from ..frozen import FrozenTrial
from ..study import Study
from ..trial import Trial
from . import _folders
from ._metrics import direction_of
from ._process import LostProcessError, in_process
from ._training import Training, build
from .hyperparameters import HyperParameters, Recorded


class TunedModel:
    """What tune_model found: the study, and the models of its best trials."""

    def __init__(self, study: Study, builder: Any, project: Path, temporary: Any) -> None:
        #: All trials.
        self.study = study
        #: Where the study and the weights of the best trials are.
        self.project = project
        self._builder = builder
        self._temporary = temporary  # goes with this object

    @property
    def best_value(self) -> float:
        """The objective of the best trial."""
        return self.study.best_value

    @property
    def best_hyperparameters(self) -> HyperParameters:
        """What the best trial's model was built with."""
        return self.get_best_hyperparameters()[0]

    def best_model(self) -> Any:
        """The best trial's model, with the weights of its best epoch."""
        return self.get_best_models()[0]

    def get_best_hyperparameters(self, num_trials: int = 1) -> list[HyperParameters]:
        """What the models of the best trials were built with."""
        return [self._hyperparameters(trial) for trial in self._best(num_trials)]

    def get_best_models(self, num_models: int = 1) -> list[Any]:
        """The models of the best trials, with their weights; as many as `keep` kept."""
        from ._checkpoints import load

        models = []
        for trial in self._best(num_models):
            model = build(self._builder, HyperParameters(Recorded(trial.params)))
            load(model, _folders.of_trial(self.project, trial.number))
            models.append(model)
        return models

    def _best(self, count: int) -> list[FrozenTrial]:
        self.study.best_trial  # says so when there is none
        return _folders.ranked(self.study)[:count]

    def _hyperparameters(self, trial: FrozenTrial) -> HyperParameters:
        found = HyperParameters(Recorded(trial.params))
        found.values.update(trial.attributes["hyperparameters"])
        return found

    def close(self) -> None:
        """Closes the study; without a `directory`, deletes the weights."""
        self.study.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> TunedModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def tune_model(
    build_fn: Any,
    *fit_arguments: Any,
    objective: str = "val_loss",
    direction: Optional[str] = None,
    max_trials: int = 10,
    executions_per_trial: int = 1,
    seed: Optional[int] = None,
    directory: Union[str, Path, None] = None,
    project_name: str = "untitled_project",
    overwrite: bool = False,
    keep: int = 1,
    strategy: Optional[str] = None,
    options: Optional[Mapping[str, Any]] = None,
    pruner: Optional[str] = None,
    pruner_options: Optional[Mapping[str, Any]] = None,
    isolate: str = "none",
    trial_timeout: Optional[float] = None,
    timeout: Optional[float] = None,
    n_jobs: int = 1,
    catch: Sequence[type[BaseException]] = (),
    **fit_words: Any,
) -> TunedModel:
    """Builds, fits and compares models; `fit_arguments` and `fit_words` are those of Model.fit.

    `build_fn(hp)` gives a compiled model, as KerasTuner wants it; a HyperModel with build and fit does, too. The
    objective is a metric that fit records; a trial's value is that of its best epoch, the mean over
    `executions_per_trial`. Its direction follows from its name where that is known. The weights of the best `keep`
    trials are kept under `directory`/`project_name`, where a search goes on until it has `max_trials` in all;
    `overwrite` begins anew. `isolate` "process" trains each trial in a process of its own, which gives all memory
    back, and may end after `trial_timeout` seconds; `n_jobs` of them at once.
    """
    _check(objective, isolate, n_jobs, trial_timeout, max_trials, executions_per_trial, keep)
    wanted = direction or direction_of(objective)
    temporary = tempfile.TemporaryDirectory(prefix="attune-keras-") if directory is None else None
    project = Path(temporary.name if temporary is not None else str(directory)).resolve() / project_name
    if overwrite:
        shutil.rmtree(project, ignore_errors=True)  # there may be none yet
    project.mkdir(parents=True, exist_ok=True)
    study = Study(
        direction=wanted, strategy=strategy, storage=str(project / "study.db"), study_name=project_name, seed=seed,
        pruner=pruner, pruner_options=pruner_options, load_if_exists=True, options=options,
    )  # fmt: skip
    training: Callable[[Trial], Any] = Training(
        build_fn, objective, wanted == "maximize", project, executions_per_trial, fit_arguments, fit_words
    )
    if isolate == "process":
        training = in_process(training, trial_timeout)
        catch = (LostProcessError, TimeLimitError, *catch)
    left = max_trials - sum(trial.state.is_finished for trial in study.trials)
    if left > 0:
        study.optimize(
            training, n_trials=left, timeout=timeout, n_jobs=n_jobs, catch=catch,
            callbacks=[lambda study, _: _folders.keep_best(project, study, keep)],
        )  # fmt: skip
    return TunedModel(study, build_fn, project, temporary)


def _check(
    objective: Any,
    isolate: str,
    n_jobs: int,
    trial_timeout: Optional[float],
    max_trials: int,
    executions_per_trial: int,
    keep: int,
) -> None:
    if not isinstance(objective, str):
        raise TypeError(f'objective is {objective!r}, wanted the name of one metric, as "val_loss"')
    if isolate not in ("none", "process"):
        raise ValueError(f'isolate is {isolate!r}, wanted "none" or "process"')
    if isolate == "none" and n_jobs != 1:
        raise ValueError(f'n_jobs is {n_jobs} with isolate "none", wanted 1: one process trains one model at a time')
    if isolate == "none" and trial_timeout is not None:
        raise ValueError('trial_timeout is given with isolate "none", wanted "process": only a process can be ended')
    for name, count in (("max_trials", max_trials), ("executions_per_trial", executions_per_trial), ("keep", keep)):
        if count < 1:
            raise ValueError(f"{name} is {count}, wanted at least 1")
