"""Calling the library: errors become exceptions, texts become str, JSON becomes objects and back."""

from __future__ import annotations

import ctypes
import json
import os
from ctypes import byref, c_void_p
from typing import Any, NoReturn, Optional

from ._library import library
from .errors import BY_STATUS, AttuneError, InvalidStateError

_forked = False


def _after_fork() -> None:
    global _forked
    from . import _library

    _forked = _library._opened is not None


os.register_at_fork(after_in_child=_after_fork)


def fail(status: int, error: c_void_p) -> NoReturn:
    """Raises what a failed call says; the error is released."""
    raise failure(status, error)


def failure(status: int, error: c_void_p) -> AttuneError:
    """What a failed call says, as an exception; the error is released."""
    if _forked:
        return InvalidStateError(
            f"process {os.getpid()} was forked from one that uses libattune, which does not work in both; start it by "
            'multiprocessing.get_context("spawn") and open the study there'
        )
    lib = library()
    kind = BY_STATUS.get(status, AttuneError)
    if not error.value:
        return kind(f"libattune failed with status {status} and has no handle left to say why")
    message, subject = lib.attune_error_message(error).decode(), lib.attune_error_subject(error).decode()
    code = lib.attune_error_user_code(error)
    lib.attune_error_free(error)
    error.value = None
    return kind(message, subject, code)


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status."""
    error = c_void_p()
    status = getattr(library(), name)(*arguments, byref(error))
    if status:
        fail(status, error)


def made(name: str, *arguments: Any) -> int:
    """Calls a function whose last argument but the error is a handle that it makes."""
    out = c_void_p()
    call(name, *arguments, byref(out))
    assert out.value is not None, name
    return out.value


def text(name: str, *arguments: Any) -> str:
    """Calls a function whose last argument but the error is a text that it gives."""
    out = c_void_p()
    call(name, *arguments, byref(out))
    assert out.value is not None, name
    try:
        return ctypes.string_at(out.value).decode()
    finally:
        library().attune_string_free(out)


def utf8(value: Optional[str], what: str) -> Optional[bytes]:
    """A text as the library takes it; None stays None."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{what} is {value!r}, wanted a str")
    if "\0" in value:
        raise ValueError(f"{what} is {value!r}, wanted a text without NUL")
    return value.encode("utf-8", "surrogatepass")


def to_json(value: Any) -> bytes:
    """A value as JSON; numpy's numbers, bools, texts and arrays are what they hold."""
    return json.dumps(value, default=_plain, ensure_ascii=True).encode()


def _plain(value: Any) -> Any:
    for method in ("tolist", "item"):
        if hasattr(value, method) and type(value).__module__.split(".")[0] == "numpy":
            return getattr(value, method)()
    raise TypeError(f"{value!r} is {type(value).__name__}, wanted None, bool, int, float, str, a list or a dict")


def options_handle(options: dict[str, Any]) -> int:
    """Options as a handle; the caller destroys it."""
    return made("attune_options_from_json", to_json(options))
