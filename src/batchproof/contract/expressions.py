"""Invariants in CEL, the Common Expression Language, compiled once."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from batchproof.contract import cel
from batchproof.contract.cel import NotEvaluable

__all__ = ["Bindings", "Expression", "NotEvaluable", "Part"]


class Bindings:
    """Values for the variables of expressions, however many of these use them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        """``values`` are JSON, or times; nobody changes them."""
        self.environment: cel.Environment = {
            name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
        }


class Part(NamedTuple):
    """One of the sides that ``&&`` joins; parts with the same ``text`` say the same."""

    text: str
    variables: frozenset[str]
    meaning: cel.Meaning

    def is_true(self, bindings: Bindings) -> bool:
        """Whether the part is true for these values; an expression is, if and only if all of its parts are."""
        try:
            return self.meaning(bindings.environment) is True
        except NotEvaluable:
            return False


class Expression:
    """A compiled CEL expression that yields a boolean."""

    def __init__(self, source: str) -> None:
        """Raises ``ValueError`` when ``source`` is not CEL."""
        self.source = source
        tree = cel.parse(source)
        self.variables = cel.free_names(tree)
        self._meaning = cel.meaning_of(tree)
        self.parts = tuple(
            Part(repr(part), cel.free_names(part), cel.meaning_of(part)) for part in cel.conjuncts(tree)
        )

    def holds(self, bindings: Bindings) -> bool:
        """Whether the expression is true for these values. Raises ``NotEvaluable``."""
        result = self._meaning(bindings.environment)
        if not isinstance(result, bool):
            raise NotEvaluable(f"yields {cel.kind(result)}, not a boolean")
        return result
