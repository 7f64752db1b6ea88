"""Objectives that are no Python function: native functions, plugins and commands. They run without the GIL."""

from __future__ import annotations

import ctypes
import json
import weakref
from ctypes import c_char_p, c_void_p
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from ._call import made, options_handle, text, to_json, utf8
from ._library import library
from .errors import NotSupportedError
from .space import Space


class Objective:
    """Something that a study can optimize, by one of the class methods.

    `symbol` and `plugin` take the options of isolation: with isolate="process" the objective runs in worker processes,
    one per job, and what crashes or hangs there is a FAIL trial with its reason. Limits of a trial: `timeout`, `cpu_time`
    (seconds), `memory`, `stack` (bytes), `open_files`, `grace` (seconds from the request to stop to SIGTERM and SIGKILL).
    `sandbox`=True: no network, no programs, no writing but in a private folder. `usage`=True: what each trial used is
    its attribute "attune:worker". `Study.optimize` takes the same as `isolate`.
    """

    def __init__(
        self, handle: int, keep: Any = None, make: Optional[Callable[[dict[str, Any]], Objective]] = None
    ) -> None:
        self._handle = handle
        self._keep = keep
        self._make = make
        self._finalizer = weakref.finalize(self, library().attune_objective_destroy, handle)

    @classmethod
    def symbol(cls, path: str, symbol: str, signature: str, **options: Any) -> Objective:
        """A function of a shared library, called by its signature: "f64(f64 lr, i32 depth, cstr kernel)"."""
        handle = _made(
            "attune_objective_from_symbol", utf8(path, "path"), utf8(symbol, "symbol"), utf8(signature, "signature"),
            options=options,
        )  # fmt: skip
        return cls(handle, make=lambda more: cls.symbol(path, symbol, signature, **{**options, **more}))

    @classmethod
    def function(cls, function: Any, signature: str, context: Optional[int] = None, **options: Any) -> Objective:
        """A native function by its ctypes object or address; `context` is the address for "ptr = ctx"."""
        address = function if isinstance(function, int) else ctypes.cast(function, c_void_p).value
        return cls(
            _made("attune_objective_from_native", address, utf8(signature, "signature"), context, options=options),
            function,
        )

    @classmethod
    def plugin(
        cls,
        plugin: str,
        objective_id: Optional[str] = None,
        config: Optional[Mapping[str, Any]] = None,
        **options: Any,
    ) -> Objective:
        """A plugin's objective: a path with '/', or an id that the plugin folders have."""
        handle = _made(
            "attune_objective_from_plugin", utf8(plugin, "plugin"), utf8(objective_id, "objective_id"),
            None if config is None else to_json(dict(config)), options=options,
        )  # fmt: skip
        return cls(handle, make=lambda more: cls.plugin(plugin, objective_id, config, **{**options, **more}))

    @classmethod
    def command(cls, arguments: Sequence[str], **options: Any) -> Objective:
        """A command that is run once per trial, {name} in its arguments replaced; the last line it prints is the value."""
        if isinstance(arguments, str):
            raise TypeError(f"arguments is {arguments!r}, wanted a list of texts")
        texts = [utf8(argument, "an argument") for argument in arguments]
        array = (c_char_p * len(texts))(*texts)
        return cls(_made("attune_objective_from_command", array, len(texts), options=options))

    def isolated(self, **limits: Any) -> Objective:
        """The same plugin or symbol in worker processes, with limits of a trial."""
        if self._make is None:
            raise NotSupportedError(
                "isolate is given for an objective that no other process can open, wanted a plugin or a symbol of a library"
            )
        return self._make({**limits, "isolate": "process"})

    def describe(self) -> dict[str, Any]:
        """Its kind, id, version, space, directions and capabilities."""
        described: dict[str, Any] = json.loads(text("attune_objective_describe", self._handle))
        return described

    @property
    def space(self) -> Optional[Space]:
        """The space that a plugin brings."""
        described: Union[str, Mapping[str, Any], None] = self.describe().get("space")
        return Space(described) if described else None

    def close(self) -> None:
        """Lets go of it; a run that uses it goes on."""
        self._finalizer()
        self._handle = 0

    def __enter__(self) -> Objective:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def plugins(extra_path: Optional[str] = None) -> list[dict[str, Any]]:
    """The plugins that are found in extra_path, ATTUNE_PLUGIN_PATH, the user's and the installed folder."""
    found: list[dict[str, Any]] = json.loads(text("attune_plugin_scan", utf8(extra_path, "extra_path")))
    return found


def _made(name: str, *arguments: Any, options: dict[str, Any]) -> int:
    settings = options_handle(options)
    try:
        return made(name, *arguments, settings)
    finally:
        library().attune_options_destroy(settings)
