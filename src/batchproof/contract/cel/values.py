"""The values of CEL are those of JSON, and timestamps and durations: what is equal, what is less, what adds up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from batchproof.errors import BatchproofError

_LARGEST = 2**63
_NUMBERS = (int, float)
_ORDERED = (str, bool, datetime, timedelta)


class NotEvaluable(BatchproofError):  # noqa: N818 - a fact about the data, not a failure
    """The expression refers to something that the data does not have."""


def kind(value: Any) -> str:
    """The name of the type of ``value``, as the function ``type`` gives it."""
    return _KINDS.get(type(value), "unknown")


_KINDS: dict[type, str] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    list: "list",
    dict: "map",
    datetime: "timestamp",
    timedelta: "duration",
}


def equal(one: Any, other: Any) -> bool:
    """Whether both are the same value: 1 and 1.0 are, 1 and true are not."""
    return one is other or (bool(one == other) and _alike(one, other))


def _alike(one: Any, other: Any) -> bool:
    """Whether two values that are equal to Python are so with their booleans, which Python takes for numbers."""
    if isinstance(one, dict):
        return all(_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return all(map(_alike, one, other))
    return isinstance(one, bool) is isinstance(other, bool)


def among(item: Any, values: Any) -> bool:
    """Whether a list has an element that is equal to ``item``, or an object a property of this name."""
    if isinstance(values, dict):
        if not isinstance(item, str | int):
            raise NotEvaluable(f"{kind(item)} is no name of a property")
        return is_key(item) and item in values
    if not isinstance(values, list):
        raise NotEvaluable(f"in takes a list or an object, not {kind(values)}")
    return item in values if isinstance(item, str) else any(equal(item, value) for value in values)


def is_key(value: Any) -> bool:
    """Whether a property may have this name: a text, or in an object that is written out an integer."""
    return type(value) in (str, int)


def less(one: Any, other: Any) -> bool:
    """Whether ``one`` lies before ``other``; numbers of both kinds are comparable, and otherwise like with like."""
    _check_order(one, other)
    return bool(one < other)


def at_most(one: Any, other: Any) -> bool:
    """Whether ``one`` lies before ``other``, or is equal to it."""
    _check_order(one, other)
    return bool(one <= other)


def _check_order(one: Any, other: Any) -> None:
    first, second = type(one), type(other)
    if not ((first is second and first in _ORDERED) or (first in _NUMBERS and second in _NUMBERS)):
        raise NotEvaluable(f"{kind(one)} and {kind(other)} have no order")


def plus(one: Any, other: Any) -> Any:
    """The sum of two numbers of one kind, or of times, or two texts or lists together."""
    kinds = (kind(one), kind(other))
    if kinds in (("timestamp", "duration"), ("duration", "duration")) or (
        kinds[0] == kinds[1] and kinds[0] in ("int", "double", "string", "list")
    ):
        return _held(lambda: one + other)
    raise NotEvaluable(f"{kinds[0]} + {kinds[1]}")


def minus(one: Any, other: Any) -> Any:
    """The difference of two numbers of one kind, or of times."""
    kinds = (kind(one), kind(other))
    if kinds == ("timestamp", "duration") or (
        kinds[0] == kinds[1] and kinds[0] in ("int", "double", "timestamp", "duration")
    ):
        return _held(lambda: one - other)
    raise NotEvaluable(f"{kinds[0]} - {kinds[1]}")


def times(one: Any, other: Any) -> Any:
    """The product of two numbers of one kind."""
    _check_numbers(one, other)
    return _held(lambda: one * other)


def divided(one: Any, other: Any) -> Any:
    """The quotient of two numbers of one kind; that of integers is cut off towards zero."""
    _check_numbers(one, other)
    if other == 0:
        raise NotEvaluable("a division by zero")
    if isinstance(one, float):
        return one / other
    quotient = abs(one) // abs(other)
    return _held(lambda: quotient if (one < 0) is (other < 0) else -quotient)


def remainder(one: Any, other: Any) -> int:
    """What the division of two integers leaves, with the sign of the first."""
    if kind(one) != "int" or kind(other) != "int" or other == 0:
        raise NotEvaluable(f"{one!r} % {other!r}")
    rest = abs(one) % abs(other)
    return int(-rest if one < 0 else rest)


def negative(value: Any) -> Any:
    """A number with the other sign."""
    _check_numbers(value, value)
    return _held(lambda: -value)


def _check_numbers(one: Any, other: Any) -> None:
    if type(one) is not type(other) or type(one) not in _NUMBERS:
        raise NotEvaluable(f"{kind(one)} and {kind(other)} are no numbers of one kind")


def _held(find: Callable[[], Any]) -> Any:
    """What ``find`` yields, if it is no integer beyond 64 bits and no time beyond the calendar."""
    try:
        value = find()
    except OverflowError as error:
        raise NotEvaluable(str(error)) from error
    if type(value) is int and not -_LARGEST <= value < _LARGEST:
        raise NotEvaluable("an integer beyond 64 bits")
    return value
