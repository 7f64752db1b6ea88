"""A trial as it is recorded: what a study's results are made of."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Mapping, Optional, Union


class TrialState(enum.IntEnum):
    """Where a trial stands."""

    WAITING = 0
    RUNNING = 1
    COMPLETE = 2
    PRUNED = 3
    FAIL = 4

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will be told."""
        return self >= TrialState.COMPLETE


@dataclass(frozen=True)
class FrozenTrial:
    """A snapshot of one trial."""

    number: int
    state: TrialState
    params: dict[str, Any]
    values: Optional[list[float]] = None
    intermediate_values: dict[int, Union[float, list[float]]] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    constraints: dict[str, float] = field(default_factory=dict)
    reason: Optional[str] = None
    origin: Optional[str] = None
    datetime_start: Optional[datetime] = None
    datetime_complete: Optional[datetime] = None

    @property
    def value(self) -> Optional[float]:
        """The value of a study with one direction."""
        if self.values is None:
            return None
        if len(self.values) != 1:
            raise ValueError(f"trial {self.number} has {len(self.values)} values, wanted one: read values")
        return self.values[0]

    @property
    def user_attrs(self) -> dict[str, Any]:
        """The attributes, by Optuna's word."""
        return self.attributes

    @property
    def traceback(self) -> Optional[str]:
        """Where the objective raised, as Python prints it; None when it did not."""
        found = self.attributes.get("traceback")
        return found if isinstance(found, str) else None

    @property
    def duration(self) -> Optional[timedelta]:
        """From start to end."""
        if self.datetime_start is None or self.datetime_complete is None:
            return None
        return self.datetime_complete - self.datetime_start


def read_trial(text: str) -> FrozenTrial:
    """A trial from what attune_trials_json gives."""
    written: Mapping[str, Any] = json.loads(text)
    values: Optional[list[Any]] = written.get("values")
    return FrozenTrial(
        number=written["number"],
        state=TrialState[written["state"]],
        params=written["params"],
        values=None if values is None else [float(value) for value in values],
        intermediate_values={int(step): value for step, value in written.get("intermediate", {}).items()},
        attributes=written.get("attributes", {}),
        constraints=written.get("constraints", {}),
        reason=written.get("reason"),
        origin=written.get("origin"),
        datetime_start=_time(written.get("datetime_start")),
        datetime_complete=_time(written.get("datetime_complete")),
    )


def _time(text: Optional[str]) -> Optional[datetime]:
    return None if text is None else datetime.fromisoformat(text)
