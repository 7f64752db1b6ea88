"""One run of `Study.optimize`: the objective and the callbacks as the library calls them, and how a run is ended.

The library calls from its own threads when n_jobs is more than 1; ctypes takes the GIL for each call and gives it back.
Nothing a callback raises may get lost in C: it is kept here, ends the run, and is raised when the library has returned.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from ctypes import POINTER, byref, c_char_p, c_double, cast, memmove, sizeof
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Sequence, Union

from . import results
from ._buffers import numbers
from ._call import call, made, options_handle, to_json, utf8
from ._declarations import OBJECTIVE, PROGRESS
from ._library import library
from ._progress import ProgressBar
from .errors import AttuneError, NotSupportedError, ObjectiveError, TrialPruned
from .objectives import Objective
from .trial import Trial

if TYPE_CHECKING:
    from .study import Callback, Study

_PRUNED = 1
_DOUBLES = POINTER(c_double)


def optimize(
    study: Study,
    objective: Union[Callable[[Trial], Any], Objective],
    n_trials: Optional[int],
    timeout: Optional[float],
    n_jobs: int,
    catch: Union[type[BaseException], Sequence[type[BaseException]]],
    callbacks: Sequence[Callback],
    show_progress_bar: bool,
    given: Mapping[str, Any],
    isolate: Union[bool, Mapping[str, Any]],
) -> str:
    """What `Study.optimize` does."""
    if not isinstance(objective, Objective) and not callable(objective):
        raise TypeError(f"objective is {objective!r}, wanted a function of a trial or an Objective")
    if n_jobs == 0 or n_jobs < -1:
        raise ValueError(f"n_jobs is {n_jobs}, wanted 1 or more, or -1 for one per core")
    if timeout is not None and timeout <= 0:
        raise ValueError(f"timeout is {timeout!r}, wanted seconds above 0")
    if isolate is not False:
        if not isinstance(objective, Objective):
            raise NotSupportedError(
                f"isolate is given for {objective!r}, wanted a plugin or a symbol of a library: Objective.plugin, "
                "Objective.symbol"
            )
        with objective.isolated(**({} if isolate is True else isolate)) as isolated:
            return optimize(
                study, isolated, n_trials, timeout, n_jobs, catch, callbacks, show_progress_bar, given, False
            )
    run = _Run(study, objective, catch, callbacks, ProgressBar(n_trials, timeout) if show_progress_bar else None)
    options: dict[str, Any] = {"n_jobs": n_jobs if n_jobs > 0 else os.cpu_count() or 1}
    options.update((key, value) for key, value in given.items() if value is not None)
    limits = (-1 if n_trials is None else n_trials, 0.0 if timeout is None else float(timeout))
    return run.start(limits, options)


class _Run:
    def __init__(
        self,
        study: Study,
        objective: Union[Callable[[Trial], Any], Objective],
        catch: Union[type[BaseException], Sequence[type[BaseException]]],
        callbacks: Sequence[Callback],
        bar: Optional[ProgressBar],
    ) -> None:
        self.study, self.objective, self.callbacks, self.bar = study, objective, tuple(callbacks), bar
        self.catch = catch if isinstance(catch, type) else tuple(catch)
        self.error: Optional[BaseException] = None
        self.is_interrupted = False
        self.main_is_inside = False

    # ---- the run

    def start(self, limits: tuple[int, float], options: dict[str, Any]) -> str:
        """Runs to the end, then raises what was kept."""
        if isinstance(self.objective, Objective):
            reason = self._in_thread(lambda: self._optimize(self.objective._handle, limits, options))  # type: ignore[union-attr]
        else:
            fn = OBJECTIVE(self._evaluate)
            handle = made("attune_objective_from_callback", fn, None, None)
            try:
                if options["n_jobs"] == 1:
                    reason = self._here(lambda: self._optimize(handle, limits, options))
                else:
                    reason = self._in_thread(lambda: self._optimize(handle, limits, options))
            finally:
                library().attune_objective_destroy(handle)
        if self.error is not None:
            raise self.error
        if self.is_interrupted:
            raise KeyboardInterrupt
        return reason

    def _optimize(self, objective: int, limits: tuple[int, float], options: dict[str, Any]) -> str:
        study, reason = self.study._live(), c_char_p()
        progress = PROGRESS(self._trial_finished) if self.callbacks or self.bar else None
        settings = options_handle(options)
        try:
            if progress is not None:
                call("attune_study_set_progress", study, progress, None, None)
            try:
                call("attune_study_optimize", study, objective, *limits, settings, byref(reason))
            finally:
                if progress is not None:
                    call("attune_study_set_progress", study, None, None, None)
        except ObjectiveError:
            if self.error is None:
                raise
        finally:
            library().attune_options_destroy(settings)
            if self.bar is not None:
                self.bar.close()
        return (reason.value or b"stopped").decode()

    def _here(self, body: Callable[[], str]) -> str:
        """Runs on this thread. SIGINT between two calls of Python's must not be raised where only C is below."""
        if (
            threading.current_thread() is not threading.main_thread()
            or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        ):
            return body()
        signal.signal(signal.SIGINT, self._interrupted)
        try:
            return body()
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupted(self, number: int, frame: Any) -> None:
        self.is_interrupted = True
        library().attune_study_stop(self.study._handle)
        if self.main_is_inside:
            raise KeyboardInterrupt

    def _in_thread(self, body: Callable[[], str]) -> str:
        """Runs on a thread of its own, so that this one can be interrupted; a second interrupt leaves at once."""
        reason, errors = ["stopped"], list[BaseException]()
        done, given_up = threading.Event(), threading.Event()

        def work() -> None:
            try:
                if not given_up.is_set():  # an interrupt may come while the thread starts
                    reason[0] = body()
            except BaseException as error:  # raised again below, where the caller is
                errors.append(error)
            finally:
                done.set()

        thread = threading.Thread(target=work, name="attune-optimize")
        try:
            thread.start()
            # In turns, since an interrupt just before a wait does not end it; and no join, which before Python 3.13
            # takes the thread for ended when it is interrupted.
            while not done.wait(0.1):
                pass
        except BaseException:
            given_up.set()
            self.study.stop()
            while thread.is_alive() and not done.wait(0.05):
                self.study.stop()  # the run may not have begun at the first
            raise
        thread.join()
        if errors:
            raise errors[0]
        return reason[0]

    # ---- what the library calls

    def _evaluate(self, handle: int, values: Any, n_values: int, _: Any) -> int:
        trial: Optional[Trial] = None
        try:
            trial = self.study._borrow(handle)
            is_main = threading.current_thread() is threading.main_thread()
            try:
                self.main_is_inside = is_main or self.main_is_inside
                if self.is_interrupted:
                    raise KeyboardInterrupt  # it came before the run had begun, which could not be stopped then
                result = self.objective(trial)  # type: ignore[operator]
            finally:
                if is_main:
                    self.main_is_inside = False
            if type(result) is float and n_values == 1:
                values[0] = result
            else:
                array = (c_double * n_values)(*numbers(result, n_values, "the objective returned"))
                memmove(values, array, sizeof(array))
            return 0
        except TrialPruned:
            return _PRUNED
        except BaseException as error:  # kept, told to the trial, and raised after the run unless caught by request
            return self._failed(handle, error)
        finally:
            if trial is not None:
                trial._end()

    def _failed(self, handle: int, error: BaseException) -> int:
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        message = f"{type(error).__name__}: {error}".replace("\0", "\\0")
        try:
            call("attune_trial_set_attribute", handle, b"traceback", to_json(text))
            call("attune_trial_set_error", handle, 0, utf8(message, "message"))
        except AttuneError as refused:
            self._end(refused)
        if not isinstance(error, self.catch):
            self._end(error)
        return ObjectiveError.status

    def _end(self, error: BaseException) -> None:
        if self.error is None:
            self.error = error
        library().attune_study_stop(self.study._handle)

    def _trial_finished(
        self, _study: int, number: int, state: int, values: Optional[int], n_values: int, _: Any
    ) -> int:
        try:
            is_main = threading.current_thread() is threading.main_thread()
            try:
                self.main_is_inside = is_main or self.main_is_inside
                if self.bar is not None:
                    value = cast(values, _DOUBLES)[0] if values and n_values == 1 else None
                    self.bar.finished(number, value, self.study.directions[0] == "maximize")
                if self.callbacks:
                    trial = results.trial(self.study._live(), number)
                    for callback in self.callbacks:
                        callback(self.study, trial)
            finally:
                if is_main:
                    self.main_is_inside = False
        except BaseException as error:  # kept, and raised after the run
            self._end(error)
            return 1
        return 0
