"""Arguments of the suggest functions, made at the first call of each kind and used again: a suggestion's share of a
trial's cost.
"""

from __future__ import annotations

import operator
from ctypes import byref, c_char_p, c_double, c_int64, c_size_t, c_uint32, c_void_p
from typing import Any, Callable, Hashable, Optional, Sequence

from ._call import fail, to_json, utf8
from ._declarations import untyped
from ._library import library

_LOG, _ORDERED = 1, 2
#: Ranges that differ in each trial are not worth keeping.
_LIMIT = 1000

#: The trial's handle, the result, the error, the arguments that hold all three, the function they are for, and what
#: puts the slot back. One thread at a time uses one.
Slot = tuple[c_void_p, Any, c_void_p, tuple[Any, ...], Any, Callable[[Any], None]]


class Suggestions:
    """What a study's trials were asked to suggest: slots that nobody uses, by name and range.

    Equal keys give equal arguments: 1 and 1.0 are one number, choices come with their types. Trial takes a slot out of
    these tables itself: a call in between would cost a tenth of a suggestion.
    """

    def __init__(self) -> None:
        lib = library()
        self._float = untyped(lib, "attune_trial_suggest_float")
        self._int = untyped(lib, "attune_trial_suggest_int")
        self._text = untyped(lib, "attune_trial_suggest_categorical")
        self._typed = untyped(lib, "attune_trial_suggest_categorical_json")
        self.floats: dict[Hashable, list[Slot]] = {}
        self.ints: dict[Hashable, list[Slot]] = {}
        self.choices: dict[Hashable, list[Slot]] = {}

    def float_slot(self, name: str, low: float, high: float, step: Optional[float], log: bool) -> Slot:
        """A new one of `floats`."""
        free = _kept(self.floats, (name, low, high, step, log))
        numbers = (float(low), float(high), 0.0 if step is None else float(step))
        return _slot(free, self._float, name, (*map(c_double.from_param, numbers), _flags(_LOG if log else 0)), c_double())

    def int_slot(self, name: str, low: int, high: int, step: int, log: bool) -> Slot:
        """A new one of `ints`."""
        free = _kept(self.ints, (name, low, high, step, log))
        numbers = (int64(low, "low"), int64(high, "high"), int64(step, "step"))
        return _slot(free, self._int, name, (*map(c_int64.from_param, numbers), _flags(_LOG if log else 0)), c_int64())

    def choice_slot(self, name: str, choices: Sequence[Any], ordered: bool) -> Slot:
        """A new one of `choices`; its result is the index of the choice."""
        try:
            free = _kept(self.choices, choices_key(name, choices, ordered))
        except TypeError:  # a list among the choices has no hash; the library says what it may be
            free = []
        flags = _flags(_ORDERED if ordered else 0)
        if choices and all(type(one) is str and "\0" not in one for one in choices):
            texts = [one.encode("utf-8", "surrogatepass") for one in choices]
            array = (c_char_p * len(texts))(*texts)
            return _slot(free, self._text, name, (byref(array), c_size_t.from_param(len(texts)), flags), c_int64())
        return _slot(free, self._typed, name, (c_char_p.from_param(to_json(choices)), flags), c_int64())


def choices_key(name: str, choices: Sequence[Any], ordered: bool) -> Hashable:
    """The key of some choices in `choices`."""
    return (name, *choices, *map(type, choices), ordered)


def suggested(trial: int, slot: Slot) -> Any:
    """Calls for a trial, and puts the slot back for the next."""
    handle, out, error, arguments, function, give = slot
    handle.value = trial
    status = function(*arguments)
    if status:
        fail(status, error)
    value = out.value
    give(slot)
    return value


def _kept(slots: dict[Hashable, list[Slot]], key: Hashable) -> list[Slot]:
    if len(slots) >= _LIMIT:
        slots.clear()
    return slots.setdefault(key, [])


def _slot(free: list[Slot], function: Any, name: str, distribution: tuple[Any, ...], out: Any) -> Slot:
    # What stays is made an argument once, by from_param and byref: ctypes would make it anew at each call.
    handle, error = c_void_p(), c_void_p()
    arguments = (handle, c_char_p.from_param(utf8(name, "name")), *distribution, byref(out), byref(error))
    return handle, out, error, arguments, function, free.append


def _flags(bits: int) -> Any:
    return c_uint32.from_param(bits)


def int64(value: Any, what: str) -> int:
    """A whole number that the library takes."""
    number = operator.index(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{what} is {number}, wanted a whole number of 64 bits")
    return number
