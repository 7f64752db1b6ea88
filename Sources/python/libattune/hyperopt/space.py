"""A Hyperopt space as a study's, and points both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Mapping, Optional

from hyperopt.exceptions import DuplicateLabel
from hyperopt.pyll import as_apply, dfs
from hyperopt.pyll.stochastic import implicit_stochastic_symbols

from ..space import Space
from .distributions import Mapped, mapped


class HyperoptSpace:
    """The hyperparameters of an expression, with the conditions that nested choices make."""

    def __init__(self, expression: Any) -> None:
        expression = as_apply(expression)
        nodes = dfs(expression)
        switches = {node.inputs()[0].arg["label"].obj for node in nodes if node.name == "switch"}
        named = {id(node.arg["obj"]) for node in nodes if node.name == "hyperopt_param"}
        for node in nodes:
            if node.name in implicit_stochastic_symbols and id(node) not in named:
                raise ValueError(f"scope.{node.name} stands in the space without a label, wanted hp.{node.name}(label, ...)")
        self._nodes: dict[str, Any] = {}
        #: For each label the alternatives under which it is active, each some choices with their indices.
        self._conditions: dict[str, list[dict[str, int]]] = {}
        self._walk(expression, {})
        self._mapped: dict[str, Mapped] = {
            label: mapped(label, node, label in switches) for label, node in self._nodes.items()
        }
        self.space = Space({label: self._parameter(label) for label in self._mapped})

    def _walk(self, node: Any, path: dict[str, int]) -> None:
        if node.name == "switch":
            index, *options = node.inputs()
            self._walk(index, path)
            for place, option in enumerate(options):
                self._walk(option, {**path, index.arg["label"].obj: place})
        elif node.name == "hyperopt_param":
            label = node.arg["label"].obj
            if self._nodes.setdefault(label, node.arg["obj"]) is not node.arg["obj"]:
                raise DuplicateLabel(label)
            paths = self._conditions.setdefault(label, [])
            if path not in paths:
                paths.append(path)
        else:
            for inner in node.inputs():
                self._walk(inner, path)

    @property
    def labels(self) -> list[str]:
        """The names of the hyperparameters."""
        return list(self._mapped)

    def _parameter(self, label: str) -> Any:
        parameter, paths = self._mapped[label].parameter, self._conditions[label]
        # What all alternatives have in common: a study and-s its conditions. What remains is decided in `point`.
        parents = set.intersection(*(set(path) for path in paths))
        if not parents:
            return parameter
        when = {parent: self._mapped[parent].condition([path[parent] for path in paths]) for parent in sorted(parents)}
        return replace(parameter, when=when)

    def point(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The active hyperparameters of a trial, as Hyperopt's values."""
        values = {label: self._mapped[label].value(found) for label, found in params.items()}
        return {label: value for label, value in values.items() if self._is_active(label, values)}

    def _is_active(self, label: str, values: Mapping[str, Any]) -> bool:
        return any(
            all(parent in values and values[parent] == index for parent, index in path.items())
            for path in self._conditions[label]
        )

    def params(self, values: Mapping[str, Any]) -> Optional[dict[str, Any]]:
        """A point of Hyperopt's as a trial's parameters; None where the study's space has no such point."""
        params: dict[str, Any] = {}
        for label in self._mapped:
            if label in values:
                params[label] = self._mapped[label].found(values[label])
            elif self._is_active(label, values):
                return None
        return params
