"""A study: a search space, a strategy, and the trials so far."""

from __future__ import annotations

import json
from ctypes import c_int32
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from ._ask_tell import AskTell
from ._call import call, made, options_handle, text, to_json, utf8
from ._library import library
from ._results import Results
from ._run import optimize
from .errors import InvalidStateError
from .frozen import FrozenTrial
from .objectives import Objective
from .space import Space, SpaceLike
from .trial import Trial

_DIRECTIONS = {"minimize": 0, "maximize": 1}

#: Called after each trial that `optimize` finished; Optuna's callbacks fit.
Callback = Callable[["Study", FrozenTrial], None]


class Study(AskTell, Results):
    """Ask it for trials and tell their values, or give it an objective to optimize.

    `space` None lets `Trial.suggest_*` discover it. `direction` is "minimize" or "maximize"; `directions` a list of
    them. `strategy` is a name of `strategies()`, or Optuna's for the same; `options` are its own, as
    `describe_strategy` lists them. With a `window` the study is deterministic: trial k is chosen from the results of
    trials 0 to k - window, so that any number of workers makes the same one; `deterministic` alone is a window of 1.
    `duplicates` is "allow"; "avoid": no point is evaluated twice, and a finite space ends explored; or "reuse": a
    point that comes again gets its values without being evaluated. `storage` None is memory. Close a study, or use
    it as a context manager; one that is
    forgotten is closed by the garbage collector or at the interpreter's exit.
    """

    def __init__(
        self,
        space: Optional[SpaceLike] = None,
        *,
        direction: Optional[str] = None,
        directions: Optional[Sequence[str]] = None,
        strategy: Optional[str] = None,
        storage: Optional[str] = None,
        study_name: Optional[str] = None,
        seed: Optional[int] = None,
        pruner: Optional[str] = None,
        pruner_options: Optional[Mapping[str, Any]] = None,
        load_if_exists: bool = False,
        deterministic: bool = False,
        window: Optional[int] = None,
        duplicates: Optional[str] = None,
        options: Optional[Mapping[str, Any]] = None,
    ) -> None:
        wanted = _directions(direction, directions)
        settings = dict(options or {})
        if deterministic:
            settings["deterministic"] = True
        if window is not None:
            settings["window"] = window
        if load_if_exists:
            settings["load_if_exists"] = True
        if seed is not None:
            settings["seed"] = _seed(seed)
        if duplicates is not None:
            settings["duplicates"] = duplicates
        lib = library()
        given = None if space is None else made("attune_space_from_json", Space(space).to_json().encode())
        try:
            with_options = options_handle(settings)
            try:
                handle = made(
                    "attune_study_create", utf8(storage, "storage"), utf8(study_name, "study_name"), given,
                    (c_int32 * len(wanted))(*wanted), len(wanted), utf8(strategy, "strategy"), with_options,
                )  # fmt: skip
            finally:
                lib.attune_options_destroy(with_options)
        finally:
            lib.attune_space_destroy(given)
        self._adopt(handle, space is not None)
        if pruner is not None:
            self.set_pruner(pruner, **dict(pruner_options or {}))

    @classmethod
    def open(
        cls,
        storage: str,
        study_name: Optional[str] = None,
        *,
        strategy: Optional[str] = None,
        options: Optional[Mapping[str, Any]] = None,
    ) -> Study:
        """A study that a storage has; `study_name` None is the only one there, `strategy` None the recorded one."""
        settings = options_handle(dict(options or {}))
        try:
            handle = made(
                "attune_study_open", utf8(storage, "storage"), utf8(study_name, "study_name"),
                utf8(strategy, "strategy"), settings,
            )  # fmt: skip
        finally:
            library().attune_options_destroy(settings)
        return cls._of(handle)

    @classmethod
    def from_json(cls, document: str, *, storage: Optional[str] = None, study_name: Optional[str] = None) -> Study:
        """A study from what `to_json` gave."""
        handle = made(
            "attune_study_import_json", utf8(storage, "storage"), utf8(study_name, "study_name"),
            utf8(document, "document"),
        )  # fmt: skip
        return cls._of(handle)

    @classmethod
    def _of(cls, handle: int) -> Study:
        study = cls.__new__(cls)
        study._adopt(handle)
        return study

    @classmethod
    def from_optuna(cls, study: Any, **settings: Any) -> Study:
        """A study with the finished trials of one of Optuna's; `settings` are those of a new study."""
        from .optuna import from_optuna

        return from_optuna(study, **settings)

    def to_optuna(self, *, storage: Any = None, study_name: Optional[str] = None) -> Any:
        """A study of Optuna's with the finished trials of this one."""
        from .optuna import to_optuna

        return to_optuna(self, storage=storage, study_name=study_name)

    # ---- optimize

    def optimize(
        self,
        objective: Union[Callable[[Trial], Any], Objective],
        n_trials: Optional[int] = None,
        timeout: Optional[float] = None,
        n_jobs: int = 1,
        catch: Union[type[BaseException], Sequence[type[BaseException]]] = (),
        callbacks: Sequence[Callback] = (),
        show_progress_bar: bool = False,
        max_failures: Optional[int] = None,
        on_failure: Optional[str] = None,
        isolate: Union[bool, Mapping[str, Any]] = False,
        stop_when: Union[str, Sequence[str]] = (),
    ) -> str:
        """Evaluates trials until n_trials more, timeout seconds, a rule of stop_when, `stop`, or the space is explored.

        An exception of the objective makes its trial FAIL, with the traceback among its attributes, and ends the run
        unless it is one of `catch`. n_jobs threads; -1: one per core. on_failure: "continue", "stop", or "retry=N" more
        evaluations of a trial that fails. isolate: a plugin or symbol runs in worker processes, where its crashes are
        FAIL trials; True, or limits of a trial as `Objective` lists them: {"timeout": 60.0, "memory": 2 << 30}.
        stop_when: `stop_rules()` such as "target=0.01" or "no-improvement=50,min_delta=0.1"; the first that holds on
        the study ends the run. Gives the reason for the end: "n_trials", "timeout", "stopped", "exhausted", or the
        rule's name.
        """
        given = {
            "max_failures": max_failures, "on_failure": on_failure,
            "stop_when": (stop_when if isinstance(stop_when, str) else ";".join(stop_when)) or None,
        }  # fmt: skip
        return optimize(
            self, objective, n_trials, timeout, n_jobs, catch, callbacks, show_progress_bar, given, isolate
        )  # fmt: skip

    def stop(self) -> None:
        """Ends the current run after its running trials. From any thread, objective or callback."""
        library().attune_study_stop(self._live())

    def set_pruner(self, name: str, **options: Any) -> None:
        """Chooses the pruner, a name of `pruners()`, and its options."""
        settings = options_handle(options)
        try:
            self._call("attune_study_set_pruner", utf8(name, "pruner"), settings)
        finally:
            library().attune_options_destroy(settings)

    # ---- facts

    @property
    def direction(self) -> str:
        """The only direction."""
        if len(self.directions) != 1:
            raise InvalidStateError(f"the study has {len(self.directions)} directions, wanted one: read directions")
        return self.directions[0]

    def __len__(self) -> int:
        return int(library().attune_study_trial_count(self._live()))

    def __bool__(self) -> bool:  # a study without trials is one, too
        return True

    def set_attribute(self, key: str, value: Any) -> None:
        """Keeps a fact with the study: whatever is JSON."""
        self._call("attune_study_set_attribute", utf8(key, "key"), to_json(value))

    #: Optuna's word for it.
    set_user_attr = set_attribute

    def get_attribute(self, key: str) -> Any:
        """A fact of the study. NotFoundError when absent."""
        return json.loads(text("attune_study_get_attribute", self._live(), utf8(key, "key")))


def delete_study(storage: str, study_name: str) -> None:
    """Deletes a study from a storage."""
    call("attune_study_delete", utf8(storage, "storage"), utf8(study_name, "study_name"))


def studies(storage: str) -> list[dict[str, Any]]:
    """The studies of a storage: name, directions, strategy, number of trials, best value, time of creation."""
    found: list[dict[str, Any]] = json.loads(text("attune_storage_studies", utf8(storage, "storage")))
    return found


def _directions(direction: Optional[str], directions: Optional[Sequence[str]]) -> list[int]:
    if direction is not None and directions is not None:
        raise ValueError("direction and directions are both given, wanted one of them")
    wanted = [direction or "minimize"] if directions is None else list(directions)
    for name in wanted:
        if name not in _DIRECTIONS:
            raise ValueError(f'direction is {name!r}, wanted "minimize" or "maximize"')
    return [_DIRECTIONS[name] for name in wanted]


def _seed(seed: int) -> int:
    number = int(seed)
    if number != seed or not -(2**63) <= number < 2**64:
        raise ValueError(f"seed is {seed!r}, wanted a whole number of 64 bits")
    return number - 2**64 if number >= 2**63 else number
