"""Finding and opening libattune.so: the one that ATTUNE_LIB names, this package's own, or the system's."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any, Optional

from ._declarations import declare

#: What this package was written for; the library's own number must be the same.
ABI_VERSION = 0

#: The folder in which a wheel carries bin, include and lib.
NATIVE = Path(__file__).resolve().parent / "_native"

_lock = threading.Lock()
_opened: Optional[Any] = None


def library_path() -> str:
    """The file that is opened, or a bare name that the system's loader looks up."""
    named = os.environ.get("ATTUNE_LIB")
    if named:
        return named
    own = NATIVE / "lib" / "libattune.so.0"
    return str(own) if own.exists() else "libattune.so.0"


def library() -> Any:
    """The library, opened at the first call: a process that only imports this package may still fork."""
    return _opened or _open()


def _open() -> Any:
    global _opened
    with _lock:
        if _opened is None:
            path = library_path()
            try:
                lib = ctypes.CDLL(path)
            except OSError as error:
                raise ImportError(
                    f"libattune cannot open {path}: {error}; install the libattune wheel, or set ATTUNE_LIB to libattune.so"
                ) from error
            declare(lib)
            found = lib.attune_abi_version()
            if found != ABI_VERSION:
                raise ImportError(f"{path} has ABI version {found}, wanted {ABI_VERSION}")
            _opened = lib
    return _opened


def get_include() -> str:
    """The folder of attune.h and attune_plugin.h in an installed wheel."""
    folder = NATIVE / "include"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: this installation carries no headers")
    return str(folder)


def version() -> str:
    """The version of the library, "0.1.0"."""
    text: bytes = library().attune_version_string()
    return text.decode()
