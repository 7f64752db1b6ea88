"""Snapshots of a study's trials, and the table of them."""

from __future__ import annotations

from typing import Any

from ._call import made, text
from ._library import library
from .frozen import FrozenTrial, read_trial


def trials(study: int, state_mask: int = 0) -> list[FrozenTrial]:
    """The trials whose state's bit is set, by number; 0 for all."""
    return _read(made("attune_study_trials", study, state_mask))


def best(study: int) -> list[FrozenTrial]:
    """The best trial, or the Pareto front."""
    return _read(made("attune_study_best_trials", study))


def trial(study: int, number: int) -> FrozenTrial:
    """One trial by its number."""
    snapshot = made("attune_study_trials", study, 0)
    try:
        return read_trial(text("attune_trials_json", snapshot, number))
    finally:
        library().attune_trials_destroy(snapshot)


def _read(snapshot: int) -> list[FrozenTrial]:
    lib = library()
    try:
        return [read_trial(text("attune_trials_json", snapshot, i)) for i in range(lib.attune_trials_count(snapshot))]
    finally:
        lib.attune_trials_destroy(snapshot)


def dataframe(rows: list[FrozenTrial], n_values: int) -> Any:
    """A pandas DataFrame in the columns of Optuna's trials_dataframe."""
    try:
        import pandas
    except ImportError as error:
        raise ImportError("trials_dataframe needs pandas: pip install pandas, or take to_csv") from error
    table: dict[str, list[Any]] = {"number": [row.number for row in rows]}
    for index in range(n_values):
        name = "value" if n_values == 1 else f"values_{index}"
        table[name] = [None if row.values is None else row.values[index] for row in rows]
    for name in ("datetime_start", "datetime_complete", "duration"):
        table[name] = [getattr(row, name) for row in rows]
    for name, prefix in (("params", "params_"), ("attributes", "user_attrs_")):
        keys = sorted({key for row in rows for key in getattr(row, name)})
        table.update({prefix + key: [getattr(row, name).get(key) for row in rows] for key in keys})
    reasons = [row.reason for row in rows]
    if any(reason is not None for reason in reasons):
        table["system_attrs_attune:reason"] = reasons
    table["state"] = [row.state.name for row in rows]
    return pandas.DataFrame(table)
