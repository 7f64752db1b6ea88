"""What this library has: strategies, pruners, stop rules, and how it was built."""

from __future__ import annotations

import json
from typing import Any

from ._call import text, utf8
from ._library import library


def strategies() -> list[str]:
    """The names of the strategies."""
    lib = library()
    return [lib.attune_strategy_name(i).decode() for i in range(lib.attune_strategy_count())]


def pruners() -> list[str]:
    """The names of the pruners."""
    lib = library()
    return [lib.attune_pruner_name(i).decode() for i in range(lib.attune_pruner_count())]


def stop_rules() -> list[str]:
    """The names of the stop rules."""
    lib = library()
    return [lib.attune_stop_rule_name(i).decode() for i in range(lib.attune_stop_rule_count())]


def describe_strategy(name: str) -> dict[str, Any]:
    """What a strategy is for, and its options."""
    described: dict[str, Any] = json.loads(text("attune_strategy_describe", utf8(name, "name")))
    return described


def describe_pruner(name: str) -> dict[str, Any]:
    """What a pruner does, and its options."""
    described: dict[str, Any] = json.loads(text("attune_pruner_describe", utf8(name, "name")))
    return described


def describe_stop_rule(name: str) -> dict[str, Any]:
    """When a stop rule ends a run, and its options."""
    described: dict[str, Any] = json.loads(text("attune_stop_rule_describe", utf8(name, "name")))
    return described


def build_info() -> dict[str, Any]:
    """Version, compiler, strategies, storages and features of the library."""
    found: dict[str, Any] = json.loads(library().attune_build_info())
    return found


_LEVELS = {"trace": 0, "debug": 1, "info": 2, "warning": 3, "error": 4, "off": 5}


def set_log_level(level: str) -> None:
    """The least level that the library writes to standard error: trace, debug, info, warning, error or off."""
    if level not in _LEVELS:
        raise ValueError(f"level is {level!r}, wanted one of {', '.join(_LEVELS)}")
    library().attune_set_log(None, _LEVELS[level], None, None)
