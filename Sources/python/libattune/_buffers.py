"""Memory for the arguments of ask and tell, made once and used again: a study's share of a trial's cost."""

from __future__ import annotations

from ctypes import byref, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from typing import Any, Sequence, Union

from ._declarations import untyped
from ._library import library


class Buffer:
    """The arguments of one call of ask or tell. One thread at a time uses it."""

    __slots__ = (
        "ask", "tell", "handle", "number", "seed", "params", "count", "values", "state", "error", "single",
        "ask_arguments", "tell_arguments",
    )  # fmt: skip

    def __init__(self, study: int, n_params: int, n_values: int, ask: Any, tell: Any) -> None:
        self.ask, self.tell = ask, tell
        self.handle, self.number, self.seed, self.count = c_void_p(), c_int64(), c_uint64(), c_size_t()
        self.params, self.values = (c_double * n_params)(), (c_double * n_values)()
        self.state, self.error = c_int32(), c_void_p()
        self.single = n_values == 1
        # What stays is made an argument once, by from_param and byref: ctypes would make it anew at each call.
        owner, error = c_void_p.from_param(study), byref(self.error)
        self.ask_arguments = (
            owner, byref(self.handle), byref(self.number), byref(self.seed), byref(self.params),
            c_size_t.from_param(n_params), byref(self.count), error,
        )  # fmt: skip
        self.tell_arguments = (
            owner, self.handle, byref(self.values), c_size_t.from_param(n_values), byref(self.state), error,
        )  # fmt: skip

    def write(self, values: Union[float, Sequence[float]]) -> None:
        """Takes values of any kind of number."""
        for index, number in enumerate(numbers(values, len(self.values), "values is")):
            self.values[index] = number


def numbers(values: Any, wanted: int, what: str) -> list[float]:
    """Values of any kind of number as floats: one, or one per direction."""
    try:
        if isinstance(values, (str, bytes)):
            raise TypeError
        found = [float(value) for value in values] if hasattr(values, "__len__") else [float(values)]
    except TypeError:
        raise TypeError(f"{what} {values!r}, wanted a number, or one per direction") from None
    if len(found) != wanted:
        raise ValueError(f"{what} {values!r}, wanted {wanted} numbers, one per direction")
    return found


class Buffers:
    """A study's buffers: as many as there are threads in ask and tell at once."""

    def __init__(self, study: int, n_params: int, n_values: int) -> None:
        lib = library()
        self._free: list[Buffer] = []
        self._made = (
            study, n_params, n_values, untyped(lib, "attune_study_ask_params"), untyped(lib, "attune_study_tell"),
        )  # fmt: skip
        #: Hands a buffer back. One that an exception kept is simply forgotten.
        self.give = self._free.append

    def take(self) -> Buffer:
        """A buffer that nobody uses."""
        try:
            return self._free.pop()
        except IndexError:
            return Buffer(*self._made)
