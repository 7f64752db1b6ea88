"""A trial that is being evaluated."""

from __future__ import annotations

from ctypes import byref, c_double, c_int32
from math import nan
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence, TypeVar, Union

from ._call import call, to_json, utf8
from ._library import library
from ._suggestions import choices_key, int64, suggested
from .errors import InvalidStateError

if TYPE_CHECKING:
    from ._study_handle import StudyHandle

_Choice = TypeVar("_Choice")


class Trial:
    """One set of parameters to evaluate, from `Study.ask` or as the argument of an objective.

    A trial that an objective was called with is over when the objective returns: its number, seed and parameters stay
    readable, the rest is an InvalidStateError.
    """

    __slots__ = ("number", "_study", "_handle", "_seed", "_values", "_params", "_owned")

    def __init__(
        self,
        study: StudyHandle,
        handle: int,
        number: int,
        seed: int,
        values: Optional[list[float]],
        params: Optional[dict[str, Any]] = None,
        owned: bool = True,
    ) -> None:
        #: Counted from 0.
        self.number = number
        self._study = study
        self._handle = handle
        self._seed = seed
        self._values = values
        self._params = params
        self._owned = owned

    def __del__(self) -> None:
        if self._owned:
            self._study._release(self._handle)

    @property
    def seed(self) -> int:
        """Made of the study's seed and the number: the same for the same trial on any worker."""
        return self._seed

    @property
    def params(self) -> dict[str, Any]:
        """The parameters that are chosen so far and active in this trial."""
        if self._params is None:
            self._params = self._study._reader.decode(self._values or [])
        return self._params

    def __getitem__(self, name: str) -> Any:
        return self.params[name]

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """Chooses a float; where the study has a declared space, reads it: the range must be the declared one."""
        suggestions = self._study._suggestions
        try:
            slot = suggestions.floats[name, low, high, step, log].pop()
        except (KeyError, IndexError):
            slot = suggestions.float_slot(name, low, high, step, log)
        value: float = suggested(self._handle or self._live(), slot)
        if self._params is not None:
            self._params.setdefault(name, value)
        return value

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """The same for an int."""
        suggestions = self._study._suggestions
        try:
            slot = suggestions.ints[name, low, high, step, log].pop()
        except (KeyError, IndexError):
            slot = suggestions.int_slot(name, low, high, step, log)
        value: int = suggested(self._handle or self._live(), slot)
        if self._params is not None:
            self._params.setdefault(name, value)
        return value

    def suggest_categorical(self, name: str, choices: Sequence[_Choice], *, ordered: bool = False) -> _Choice:
        """The same for one of some choices, each None, a bool, int, float or str; ordered where that has a meaning."""
        suggestions, listed = self._study._suggestions, list(choices)
        try:
            slot = suggestions.choices[choices_key(name, listed, ordered)].pop()
        except (KeyError, IndexError, TypeError):
            slot = suggestions.choice_slot(name, listed, ordered)
        index: int = suggested(self._handle or self._live(), slot)
        value = listed[index]
        if self._params is not None:
            self._params.setdefault(name, value)
        return value

    def report(self, value: Union[float, Sequence[float]], step: int) -> None:
        """Tells an intermediate value, or one per direction; the first report at a step counts."""
        place = int64(step, "step")
        if isinstance(value, Sequence) or hasattr(value, "__len__"):
            numbers = [float(one) for one in value]  # type: ignore[union-attr]
            array = (c_double * len(numbers))(*numbers)
            call("attune_trial_report_values", self._live(), place, array, len(numbers))
        else:
            call("attune_trial_report", self._live(), place, float(value))

    def should_prune(self) -> bool:
        """Whether the study's pruner gives this trial up after its last report; raise TrialPruned then."""
        out = c_int32()
        call("attune_trial_should_prune", self._live(), byref(out))
        return bool(out.value)

    @property
    def should_stop(self) -> bool:
        """Whether the run is to end: after `Study.stop`, its timeout or a KeyboardInterrupt."""
        return bool(library().attune_trial_should_stop(self._handle))

    def set_attribute(self, key: str, value: Any) -> None:
        """Keeps a fact with the trial: whatever is JSON."""
        call("attune_trial_set_attribute", self._live(), utf8(key, "key"), to_json(value))

    #: Optuna's word for it.
    set_user_attr = set_attribute

    def set_constraint(self, name: str, value: float) -> None:
        """Names a constraint: <= 0 is feasible."""
        call("attune_trial_set_constraint", self._live(), utf8(name, "name"), float(value))

    def set_gradient(self, gradient: Union[Mapping[str, float], Sequence[float]]) -> None:
        """Gives the derivatives of the value by the parameters, in their own units: by name, or in the space's order.

        Names left out, and NaN, are unknown. Of several values, one such row after the other, in the space's order.
        """
        if isinstance(gradient, Mapping):
            names = list(self._study.space.parameters)
            unknown = [name for name in gradient if name not in names]
            if unknown:
                raise ValueError(f"gradient has {unknown[0]!r}, wanted parameters: {', '.join(names)}")
            gradient = [gradient.get(name, nan) for name in names]
        numbers = [float(one) for one in gradient]
        call("attune_trial_set_gradient", self._live(), (c_double * len(numbers))(*numbers), len(numbers))

    def _live(self) -> int:
        if not self._handle:
            raise InvalidStateError(f"trial {self.number} is over: its objective has returned")
        return self._handle

    def _end(self) -> None:
        """The objective that borrowed the trial has returned."""
        self._handle = 0

    def __repr__(self) -> str:
        return f"Trial(number={self.number}, params={self.params!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a Trial cannot be pickled; hand its number and params on, and tell by number")
