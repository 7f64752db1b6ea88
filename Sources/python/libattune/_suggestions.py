"""Arguments of the suggest functions, made at the first call of each kind and used again: a suggestion's share of a
trial's cost.
"""

from __future__ import annotations

import operator
from ctypes import byref, c_char_p, c_double, c_int64, c_size_t, c_uint32, c_void_p
from typing import Any, Hashable, Optional, Sequence

from ._call import fail, to_json, utf8
from ._declarations import untyped
from ._library import library

_LOG, _ORDERED = 1, 2
#: Ranges that differ in each trial are not worth keeping.
_LIMIT = 1000

#: The trial's handle, the result, the error, the arguments that hold all three, and the function they are for. One
#: thread at a time uses one.
_Slot = tuple[c_void_p, Any, c_void_p, tuple[Any, ...], Any]


class Suggestions:
    """What a study's trials were asked to suggest."""

    def __init__(self) -> None:
        lib = library()
        self._float = untyped(lib, "attune_trial_suggest_float")
        self._int = untyped(lib, "attune_trial_suggest_int")
        self._text = untyped(lib, "attune_trial_suggest_categorical")
        self._typed = untyped(lib, "attune_trial_suggest_categorical_json")
        # By name and range. Equal keys give equal arguments: 1 and 1.0 are one number, choices come with their types.
        self._floats: dict[Hashable, list[_Slot]] = {}
        self._ints: dict[Hashable, list[_Slot]] = {}
        self._choices: dict[Hashable, list[_Slot]] = {}

    def float_of(self, trial: int, name: str, low: float, high: float, step: Optional[float], log: bool) -> float:
        """A float of a trial's."""
        key = (name, low, high, step, log)
        try:
            free = self._floats[key]
            slot = free.pop()
        except (KeyError, IndexError):
            free, slot = _kept(self._floats, key), _float_slot(self._float, name, low, high, step, log)
        value: float = _result(trial, slot, free)
        return value

    def int_of(self, trial: int, name: str, low: int, high: int, step: int, log: bool) -> int:
        """An int of a trial's."""
        key = (name, low, high, step, log)
        try:
            free = self._ints[key]
            slot = free.pop()
        except (KeyError, IndexError):
            free, slot = _kept(self._ints, key), _int_slot(self._int, name, low, high, step, log)
        value: int = _result(trial, slot, free)
        return value

    def index_of(self, trial: int, name: str, choices: Sequence[Any], ordered: bool) -> int:
        """The index of the one of some choices."""
        key = (name, *choices, *map(type, choices), ordered)
        try:
            free = self._choices[key]
            slot = free.pop()
        except (KeyError, IndexError):
            free, slot = _kept(self._choices, key), self._choice_slot(name, choices, ordered)
        except TypeError:  # a list among the choices has no hash; the library says what it may be
            free, slot = [], self._choice_slot(name, choices, ordered)
        value: int = _result(trial, slot, free)
        return value

    def _choice_slot(self, name: str, choices: Sequence[Any], ordered: bool) -> _Slot:
        flags = c_uint32(_ORDERED if ordered else 0)
        if choices and all(type(one) is str and "\0" not in one for one in choices):
            texts = [one.encode("utf-8", "surrogatepass") for one in choices]
            array = (c_char_p * len(texts))(*texts)
            return _slot(self._text, name, (array, c_size_t(len(texts)), flags), c_int64())
        return _slot(self._typed, name, (c_char_p(to_json(choices)), flags), c_int64())


def _result(trial: int, slot: _Slot, free: list[_Slot]) -> Any:
    """Calls for a trial, and puts the arguments back for the next."""
    slot[0].value = trial
    status = slot[4](*slot[3])
    if status:
        fail(status, slot[2])
    value = slot[1].value
    free.append(slot)
    return value


def _kept(slots: dict[Hashable, list[_Slot]], key: Hashable) -> list[_Slot]:
    if len(slots) >= _LIMIT:
        slots.clear()
    return slots.setdefault(key, [])


def _float_slot(function: Any, name: str, low: float, high: float, step: Optional[float], log: bool) -> _Slot:
    numbers = (c_double(float(low)), c_double(float(high)), c_double(0.0 if step is None else float(step)))
    return _slot(function, name, (*numbers, c_uint32(_LOG if log else 0)), c_double())


def _int_slot(function: Any, name: str, low: int, high: int, step: int, log: bool) -> _Slot:
    numbers = (c_int64(int64(low, "low")), c_int64(int64(high, "high")), c_int64(int64(step, "step")))
    return _slot(function, name, (*numbers, c_uint32(_LOG if log else 0)), c_int64())


def _slot(function: Any, name: str, distribution: tuple[Any, ...], out: Any) -> _Slot:
    handle, error = c_void_p(), c_void_p()
    arguments = (handle, c_char_p(utf8(name, "name")), *distribution, byref(out), byref(error))
    return handle, out, error, arguments, function


def int64(value: Any, what: str) -> int:
    """A whole number that the library takes."""
    number = operator.index(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{what} is {number}, wanted a whole number of 64 bits")
    return number
