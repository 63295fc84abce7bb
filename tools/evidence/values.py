"""What an operator makes of one value. They know a value, and what is documented of its property, and nothing else."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .documented import Property
from .paths import MISSING

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?P<fraction>[.][0-9]+)?(?P<zone>Z|[+-][0-9:]+)?\Z")
_A_DAY = timedelta(days=1)
# a value of each JSON type, for what is of another one
_OTHERS: Mapping[str, Any] = {"integer": 7, "string": "seven", "boolean": True, "array": [], "object": {}}


def kind(value: Any) -> str:
    """The kind of a value: that of JSON, but whole numbers and times are kinds of their own."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "time" if _TIME.match(value) else "string"
        case list():
            return "array"
        case _:
            return "object"


def missing(_value: Any, _about: Property) -> Any:
    """No such property."""
    return MISSING


def null(_value: Any, _about: Property) -> Any:
    """Null."""
    return None


def another_type(value: Any, about: Property) -> Any:
    """A value of a type that is documented neither by the schema nor by the value itself."""
    known = {*about.types, kind(value)}
    known |= {"integer"} if "number" in known else set()
    known |= {"string"} if "time" in known else set()
    return next((other for name, other in _OTHERS.items() if name not in known), value)


def empty(value: Any, _about: Property) -> Any:
    """An empty text, list or object."""
    return type(value)() if isinstance(value, str | list | dict) else value


def another_value(value: Any, about: Property) -> Any:
    """The next of the documented values; of a boolean the other one."""
    if isinstance(value, bool):
        return not value
    if value in about.values:
        return about.values[(about.values.index(value) + 1) % len(about.values)]
    return value


def more(value: Any, _about: Property) -> Any:
    """One more."""
    return value + 1 if _is_number(value) else value


def less(value: Any, _about: Property) -> Any:
    """One less."""
    return value - 1 if _is_number(value) else value


def rounded(value: Any, _about: Property) -> Any:
    """A coarser number or time."""
    if kind(value) == "time":
        moment = _moment(value)
        return _like(
            value, moment.replace(microsecond=0, second=0 if moment.microsecond == 0 else moment.second)
        )
    if isinstance(value, float):
        return round(value)
    return round(value, -1) if _is_number(value) else value


def earlier(value: Any, _about: Property) -> Any:
    """A day earlier."""
    return _like(value, _moment(value) - _A_DAY) if kind(value) == "time" else value


def later(value: Any, _about: Property) -> Any:
    """A day later."""
    return _like(value, _moment(value) + _A_DAY) if kind(value) == "time" else value


def epoch(value: Any, _about: Property) -> Any:
    """The beginning of 1970."""
    return _like(value, datetime(1970, 1, 1, tzinfo=UTC)) if kind(value) == "time" else value


def drifted(value: Any, steps: int) -> Any:
    """What a value becomes that moves a little with each look."""
    if kind(value) == "time":
        return _like(value, _moment(value) + timedelta(seconds=steps))
    if isinstance(value, bool):
        return value if steps % 2 == 0 else not value
    if _is_number(value):
        return value + steps
    return f"{value}{steps}" if isinstance(value, str) and steps else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _like(text: str, moment: datetime) -> str:
    """``moment`` in the form of ``text``: as many digits of a second, the same zone."""
    found = _TIME.match(text)
    assert found is not None
    fraction = found["fraction"] or ""
    digits = f".{moment.microsecond:06d}".ljust(len(fraction), "0")[: len(fraction)]
    return moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0") + digits + (found["zone"] or "")


Operator = Callable[[Any, Property], Any]
# the operators that need nothing but the value
ALONE: Mapping[str, Operator] = {
    "missing": missing,
    "null": null,
    "type": another_type,
    "empty": empty,
    "value": another_value,
    "more": more,
    "less": less,
    "rounded": rounded,
    "earlier": earlier,
    "later": later,
    "1970": epoch,
}
