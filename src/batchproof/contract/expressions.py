"""Laws in CEL, the Common Expression Language, compiled once.

The implementation is ``common-expression-language`` (Rust): wheels for every supported Python,
ten microseconds for an expression with two timestamps.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import cel

from batchproof.contract import moments

_BOUND = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_][A-Za-z0-9_]*)\s*,")


def bound_variables(source: str) -> set[str]:
    """The variables that the macros of an expression (``all``, ``exists`` …) bind."""
    return set(_BOUND.findall(source))


class NotEvaluable(Exception):  # noqa: N818 - a fact about the data, not a failure
    """The expression refers to something that the data does not have."""


# the CEL implementation refuses a value of a kind that it does not know, and, other than an exception, tells nobody
_NO_VALUE = object()


def _moment(value: Any) -> object:
    try:
        return moments.moment_of(value).as_datetime()
    except (ValueError, OverflowError):
        return _NO_VALUE


def _same_moment(one: Any, other: Any) -> object:
    try:
        return moments.same(moments.moment_of(one), moments.moment_of(other))
    except ValueError:
        return _NO_VALUE


def _not_before(later: Any, earlier: Any) -> object:
    try:
        return moments.not_before(moments.moment_of(later), moments.moment_of(earlier))
    except ValueError:
        return _NO_VALUE


# what an expression may call beside the functions of CEL
FUNCTIONS: dict[str, Callable[..., object]] = {
    "moment": _moment,
    "same_moment": _same_moment,
    "not_before": _not_before,
}


class Bindings:
    """Values for the variables of expressions. They are converted once, however many expressions use them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self._context: Any = None

    @property
    def context(self) -> Any:
        """The values in the form of the CEL implementation. Raises ``NotEvaluable`` when there is none."""
        if self._context is None:
            try:
                self._context = cel.Context(variables=dict(self._values), functions=FUNCTIONS)
            except (TypeError, ValueError, OverflowError) as error:
                raise NotEvaluable(str(error)) from error
        return self._context


class Expression:
    """A compiled CEL expression that yields a boolean."""

    def __init__(self, source: str) -> None:
        """Raises ``ValueError`` when ``source`` is not CEL."""
        self.source = source
        self._program = cel.compile(source)
        self.variables = frozenset(self._program.variables())

    def holds(self, bindings: Bindings) -> bool:
        """Whether the expression is true for these values. Raises ``NotEvaluable``."""
        try:
            result = self._program.execute(bindings.context)
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise NotEvaluable(str(error)) from error
        if not isinstance(result, bool):
            raise NotEvaluable(f"yields {type(result).__name__}, not a boolean")
        return result
