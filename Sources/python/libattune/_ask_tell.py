"""Asking a study for trials and telling it their values."""

from __future__ import annotations

import json
from ctypes import byref, c_double, c_int64, c_size_t, c_void_p
from typing import Any, Iterable, Mapping, Optional, Sequence, Union

from ._call import call, made, text, to_json, utf8
from ._library import library
from ._study_handle import StudyHandle
from .frozen import TrialState
from .trial import Trial

_STATES = (TrialState.WAITING, TrialState.RUNNING, TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAIL)


class AskTell(StudyHandle):
    """The part of Study that makes trials."""

    def ask(self) -> Trial:
        """The next trial to evaluate. ExhaustedError when a finite strategy has proposed every point."""
        buffer = self._buffers.take()
        status = buffer.ask(*buffer.ask_arguments)
        if status:
            self._fail(status, buffer.error)
        count = buffer.count.value
        trial = Trial(
            self, buffer.handle.value,  # type: ignore[arg-type]  # never NULL after success
            buffer.number.value, buffer.seed.value, buffer.params[:] if count else None, None if count else {},
        )  # fmt: skip
        self._buffers.give(buffer)
        if count and not self._reader.is_enough:
            self._read_params(trial)
        return trial

    def ask_batch(self, n: int) -> list[Trial]:
        """The next n trials; fewer only when the strategy is exhausted."""
        handles, count = (c_void_p * n)(), c_size_t()
        self._call("attune_study_ask_batch", n, handles, byref(count))
        return [self._trial(handle) for handle in handles[: count.value] if handle]

    def tell(
        self,
        trial: Union[Trial, int],
        values: Union[float, Sequence[float], None] = None,
        state: Optional[TrialState] = None,
        reason: Optional[str] = None,
        gradient: Union[Mapping[str, float], Sequence[float], None] = None,
    ) -> TrialState:
        """Records the value of a trial, or one per direction; or that it is PRUNED or FAIL, with a reason.

        A trial of another process is told by its number. NaN makes it FAIL. `gradient` is as of `Trial.set_gradient`.
        """
        if not isinstance(trial, Trial):
            trial = self.resume_trial(trial)
        if gradient is not None:
            trial.set_gradient(gradient)
        if values is None or (state is not None and state != TrialState.COMPLETE):
            if values is not None:
                raise ValueError(f"values is {values!r} and state is {state!r}, wanted values or a state without any")
            if state is None:
                raise ValueError("values is None, wanted a number, or the state PRUNED or FAIL")
            told = TrialState(state)
            self._call("attune_study_tell_state", trial._live(), int(told), utf8(reason, "reason"))
            return told
        buffer = self._buffers.take()
        if type(values) is float and buffer.single:
            buffer.values[0] = values
        else:
            buffer.write(values)
        buffer.handle.value = trial._handle or trial._live()
        status = buffer.tell(*buffer.tell_arguments)
        if status:
            self._fail(status, buffer.error)
        recorded = _STATES[buffer.state.value]
        self._buffers.give(buffer)
        return recorded

    def resume_trial(self, number: int) -> Trial:
        """A RUNNING trial by its number: of another process, or after a restart."""
        return self._trial(made("attune_study_resume_trial", self._live(), number))

    def enqueue_trial(self, params: Mapping[str, Any]) -> None:
        """Has a point tried next; the strategy chooses what it does not name."""
        self._call("attune_study_enqueue", to_json(dict(params)))

    def add_trial(
        self,
        params: Mapping[str, Any],
        values: Union[float, Sequence[float], None] = None,
        *,
        state: TrialState = TrialState.COMPLETE,
        intermediate_values: Optional[Mapping[int, float]] = None,
        attributes: Optional[Mapping[str, Any]] = None,
        constraints: Optional[Mapping[str, float]] = None,
        reason: Optional[str] = None,
    ) -> int:
        """Adds a finished trial that was made elsewhere; gives its number."""
        trial: dict[str, Any] = {"params": dict(params), "state": TrialState(state).name}
        if values is not None:
            trial["values"] = list(values) if isinstance(values, Iterable) else [values]
        optional: dict[str, Any] = {
            "intermediate": {str(step): value for step, value in (intermediate_values or {}).items()},
            "attributes": dict(attributes or {}), "constraints": dict(constraints or {}), "reason": reason,
        }  # fmt: skip
        trial.update({key: value for key, value in optional.items() if value})
        number = c_int64()
        self._call("attune_study_add_trial", to_json(trial), byref(number))
        return number.value

    def _trial(self, handle: int, owned: bool = True) -> Trial:
        lib = library()
        trial = Trial(
            self, handle, lib.attune_trial_number(handle), lib.attune_trial_seed(handle), None, None, owned
        )
        self._read_params(trial)
        return trial

    def _borrow(self, handle: int) -> Trial:
        """The trial an objective is called with."""
        lib = library()
        number, seed, reader = lib.attune_trial_number(handle), lib.attune_trial_seed(handle), self._reader
        if not self._is_declared:
            return self._trial(handle, owned=False)
        values = (c_double * reader.count)()
        call("attune_trial_copy_params", handle, values, reader.count, None)
        return Trial(self, handle, number, seed, values[:], None, False)

    def _read_params(self, trial: Trial) -> None:
        trial._params = json.loads(text("attune_trial_params_json", trial._handle))
