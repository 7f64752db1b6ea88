"""The `hp` of a model-building function, in KerasTuner's words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator, Mapping, Optional, Protocol, Sequence, TypeVar

_Value = TypeVar("_Value")

_SAMPLINGS = ("linear", "log", "reverse_log")


class Suggests(Protocol):
    """Where values come from: a trial, or the parameters of a finished one."""

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """A float."""

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """An int."""

    def suggest_categorical(self, name: str, choices: Sequence[Any], *, ordered: bool = False) -> Any:
        """One of some choices."""


class Recorded:
    """Gives the parameters of a finished trial again."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self._params = params

    def _read(self, name: str) -> Any:
        if name not in self._params:
            raise KeyError(f"{name}: the trial has no such parameter, wanted one of {', '.join(self._params)}")
        return self._params[name]

    def suggest_float(
        self, name: str, low: float, high: float, *, step: Optional[float] = None, log: bool = False
    ) -> float:
        """The recorded float."""
        return float(self._read(name))

    def suggest_int(self, name: str, low: int, high: int, *, step: int = 1, log: bool = False) -> int:
        """The recorded int."""
        return int(self._read(name))

    def suggest_categorical(self, name: str, choices: Sequence[Any], *, ordered: bool = False) -> Any:
        """The recorded choice."""
        return self._read(name)


class HyperParameters:
    """Chooses hyperparameters while a function builds a model.

    Outside its conditional scope a hyperparameter has its default and no part in the search. A name that different
    scopes give different ranges is a parameter of its own in each.
    """

    def __init__(self, source: Suggests) -> None:
        #: The active hyperparameters and what was chosen.
        self.values: dict[str, Any] = {}
        self._source = source
        self._declared: dict[str, list[tuple[Any, ...]]] = {}
        self._conditions: list[tuple[str, tuple[Any, ...]]] = []
        self._scopes: list[str] = []

    # ---- hyperparameters; KerasTuner's names, which are written large

    def Int(  # noqa: N802
        self,
        name: str,
        min_value: int,
        max_value: int,
        step: Optional[int] = None,
        sampling: str = "linear",
        default: Optional[int] = None,
        parent_name: Optional[str] = None,
        parent_values: Any = None,
    ) -> int:
        """An int from min_value to max_value, both included. With sampling "log", step multiplies."""
        low, high = int(min_value), int(max_value)
        if _is_geometric(name, sampling, step):
            powers = _powers(name, low, high, step)
            choose: Callable[[str], int] = lambda key: int(self._source.suggest_categorical(key, powers, ordered=True))
        elif sampling == "reverse_log":
            choose = lambda key: low + high - self._source.suggest_int(f"{key} (reverse_log)", low, high, log=True)
        else:
            step_or_one, log = 1 if step is None else int(step), sampling == "log"
            choose = lambda key: self._source.suggest_int(key, low, high, step=step_or_one, log=log)
        kind = ("Int", low, high, step, sampling)
        return self._choose(name, kind, low if default is None else default, choose, parent_name, parent_values)

    def Float(  # noqa: N802
        self,
        name: str,
        min_value: float,
        max_value: float,
        step: Optional[float] = None,
        sampling: str = "linear",
        default: Optional[float] = None,
        parent_name: Optional[str] = None,
        parent_values: Any = None,
    ) -> float:
        """A float from min_value to max_value. With sampling "log", step multiplies."""
        low, high = float(min_value), float(max_value)
        if _is_geometric(name, sampling, step):
            powers = _powers(name, low, high, step)
            choose: Callable[[str], float] = lambda key: float(
                self._source.suggest_categorical(key, powers, ordered=True)
            )
        elif sampling == "reverse_log":
            choose = lambda key: low + high - self._source.suggest_float(f"{key} (reverse_log)", low, high, log=True)
        else:
            log = sampling == "log"
            choose = lambda key: self._source.suggest_float(key, low, high, step=step, log=log)
        kind = ("Float", low, high, step, sampling)
        return self._choose(name, kind, low if default is None else default, choose, parent_name, parent_values)

    def Choice(  # noqa: N802
        self,
        name: str,
        values: Sequence[_Value],
        ordered: Optional[bool] = None,
        default: Optional[_Value] = None,
        parent_name: Optional[str] = None,
        parent_values: Any = None,
    ) -> _Value:
        """One of some values: None, bools, numbers or texts. Numbers are ordered unless it is said otherwise."""
        choices = list(values)
        if not choices:
            raise ValueError(f"values of {name} is empty, wanted at least one")
        are_numbers = all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in choices)
        has_order = are_numbers if ordered is None else ordered
        choose: Callable[[str], Any] = lambda key: self._source.suggest_categorical(key, choices, ordered=has_order)
        kind = ("Choice", *choices)
        return self._choose(name, kind, choices[0] if default is None else default, choose, parent_name, parent_values)

    def Boolean(  # noqa: N802
        self, name: str, default: bool = False, parent_name: Optional[str] = None, parent_values: Any = None
    ) -> bool:
        """True or False."""
        choose: Callable[[str], bool] = lambda key: bool(self._source.suggest_categorical(key, [False, True]))
        return self._choose(name, ("Boolean",), default, choose, parent_name, parent_values)

    def Fixed(  # noqa: N802
        self, name: str, value: _Value, parent_name: Optional[str] = None, parent_values: Any = None
    ) -> _Value:
        """A value that is not searched."""
        return self._choose(name, ("Fixed", value), value, lambda _: value, parent_name, parent_values)

    # ---- scopes

    @contextmanager
    def conditional_scope(self, parent_name: str, parent_values: Any) -> Iterator[None]:
        """What is chosen inside takes part only while the parent has one of some values."""
        parent = self._full(parent_name)
        if parent not in self._declared:
            raise ValueError(f"parent_name is {parent!r}, wanted one of {', '.join(self._declared) or 'those before'}")
        self._conditions.append((parent, _listed(parent_values)))
        try:
            yield
        finally:
            self._conditions.pop()

    @contextmanager
    def name_scope(self, name: str) -> Iterator[None]:
        """Names inside begin with this one and a slash."""
        self._scopes.append(name)
        try:
            yield
        finally:
            self._scopes.pop()

    # ---- what was chosen

    def get(self, name: str) -> Any:
        """What was chosen for an active hyperparameter."""
        full = self._full(name)
        if full not in self.values:
            raise KeyError(f"{full}: no active hyperparameter, wanted one of {', '.join(self.values)}")
        return self.values[full]

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __contains__(self, name: str) -> bool:
        return self._full(name) in self.values

    def __repr__(self) -> str:
        return f"HyperParameters({self.values!r})"

    # ---- inside

    def _full(self, name: str) -> str:
        return "/".join([*self._scopes, name])

    def _choose(
        self,
        name: str,
        kind: tuple[Any, ...],
        default: _Value,
        choose: Callable[[str], _Value],
        parent_name: Optional[str],
        parent_values: Any,
    ) -> _Value:
        if parent_name is not None:
            with self.conditional_scope(parent_name, parent_values):
                return self._choose(name, kind, default, choose, None, None)
        full = self._full(name)
        key = self._key(full, kind)
        if not all(parent in self.values and self.values[parent] in wanted for parent, wanted in self._conditions):
            return default
        if full not in self.values:
            self.values[full] = choose(key)
        return self.values[full]  # type: ignore[no-any-return]

    def _key(self, full: str, kind: tuple[Any, ...]) -> str:
        """The parameter's name in the study: told apart where another scope declares the same name otherwise."""
        kinds = self._declared.setdefault(full, [])
        if kind not in kinds:
            kinds.append(kind)
        place = kinds.index(kind)
        return full if place == 0 else f"{full} ({place + 1})"


def _listed(values: Any) -> tuple[Any, ...]:
    return tuple(values) if isinstance(values, (list, tuple, set, frozenset)) else (values,)


def _is_geometric(name: str, sampling: str, step: Optional[float]) -> bool:
    """Whether the steps multiply; checks the sampling."""
    if sampling not in _SAMPLINGS:
        raise ValueError(f"sampling of {name} is {sampling!r}, wanted one of {', '.join(_SAMPLINGS)}")
    if sampling == "reverse_log" and step is not None:
        raise ValueError(f"step of {name} is {step!r} with sampling reverse_log, wanted None")
    return sampling == "log" and step is not None


def _powers(name: str, low: Any, high: Any, step: Any) -> list[Any]:
    """low, low * step, low * step * step... up to high."""
    if low <= 0 or high < low or step <= 1:
        raise ValueError(f"{name} goes from {low} to {high} by factors of {step}, wanted 0 < low <= high and a step > 1")
    values = [low]
    while values[-1] * step <= high * (1 + 1e-12):
        values.append(values[-1] * step)
    return values
