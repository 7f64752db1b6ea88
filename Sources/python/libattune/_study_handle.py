"""The handle of a study and who lets go of it: the base of Study."""

from __future__ import annotations

import weakref
from ctypes import c_void_p
from typing import Any, TypeVar

from ._buffers import Buffers
from ._call import call, fail, text
from ._library import library
from ._reader import ParameterReader
from ._suggestions import Suggestions
from .errors import InvalidStateError
from .space import Space

_Self = TypeVar("_Self", bound="StudyHandle")


class StudyHandle:
    """An open study of the library."""

    def _adopt(self, handle: int, declared: bool = False) -> None:
        lib = library()
        self._handle = handle
        self._finalizer = weakref.finalize(self, lib.attune_study_close, handle)
        self._release = lib.attune_trial_release
        count = lib.attune_study_direction_count(handle)
        self.directions = [("minimize", "maximize")[lib.attune_study_direction(handle, i)] for i in range(count)]
        #: Its name in the storage.
        self.study_name: str = lib.attune_study_name(handle).decode()
        #: The name of its strategy.
        self.strategy: str = lib.attune_study_strategy(handle).decode()
        #: Made of it and a trial's number is all that is random.
        self.seed: int = lib.attune_study_seed(handle)
        self._reader = ParameterReader(self.space.parameters)
        #: Whether it is known to have a declared space: its trials come whole, as numbers.
        self._is_declared = declared and self._reader.is_enough
        self._buffers = Buffers(handle, self._reader.count, count)
        self._suggestions = Suggestions()

    @property
    def space(self) -> Space:
        """The search space; without a declared one, what is discovered so far."""
        return Space(text("attune_study_space_json", self._live()))

    def close(self) -> None:
        """Stops its run, waits for its end and lets go of the study."""
        self._finalizer()
        self._handle = 0
        self._buffers = Buffers(0, self._reader.count, len(self.directions))

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _live(self) -> int:
        if not self._handle:
            raise InvalidStateError(f'study "{self.study_name}" is closed')
        return self._handle

    def _call(self, name: str, *arguments: Any) -> None:
        call(name, self._live(), *arguments)

    def _fail(self, status: int, error: c_void_p) -> None:
        if not self._handle:
            library().attune_error_free(error)
            self._live()
        fail(status, error)

    def __repr__(self) -> str:
        return f"Study({self.study_name!r}, strategy={self.strategy!r}, directions={self.directions!r})"

    def __reduce__(self) -> Any:
        raise TypeError("a Study cannot be pickled; another process opens it by its storage and study_name")
