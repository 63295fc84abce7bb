"""The functions that expressions may call: those of CEL that invariants need, and three that know how times are written."""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from batchproof.contract import moments
from batchproof.contract.cel.values import NotEvaluable, kind

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION = re.compile(r"(-?)((?:[0-9]+(?:\.[0-9]+)?(?:h|ms|m|s|us|ns))+)")
_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(h|ms|m|s|us|ns)")
_MICROSECONDS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000, "us": 1, "ns": 0.001}
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LARGEST = 2**63
# in CEL the end of a text, in Python also the line break before it
_END = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def _size(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise NotEvaluable(f"size() of {kind(value)}")
    return len(value)


def _int(value: Any) -> int:
    match value:
        case str() if _INTEGER.fullmatch(value):
            number = int(value)
        case float() if math.isfinite(value):
            number = int(value)
        case int() if not isinstance(value, bool):
            return value
        case _:
            raise NotEvaluable(f"int() of {value!r}")
    if not -_LARGEST <= number < _LARGEST:
        raise NotEvaluable(f"int() of {value!r}")
    return number


def _double(value: Any) -> float:
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise NotEvaluable(f"double() of {value!r}")


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _RFC_3339.fullmatch(value) is None:
        raise NotEvaluable(f"timestamp() of {value!r}")
    return _moment(value)


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise NotEvaluable(f"duration() of {value!r}")
    microseconds = sum(float(number) * _MICROSECONDS[unit] for number, unit in _PART.findall(found[2]))
    try:
        return timedelta(microseconds=-microseconds if found[1] else microseconds)
    except OverflowError as error:
        raise NotEvaluable(str(error)) from error


def _moment(value: Any) -> datetime:
    try:
        return _read(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotEvaluable(str(error)) from error


@lru_cache(maxsize=4096)
def _read(value: Any) -> datetime:
    return moments.moment_of(value).as_datetime()


def _of_moments(ask: Callable[[moments.Moment, moments.Moment], bool]) -> Callable[[Any, Any], bool]:
    def asked(one: Any, other: Any) -> bool:
        try:
            return ask(moments.moment_of(one), moments.moment_of(other))
        except ValueError as error:
            raise NotEvaluable(str(error)) from error

    return asked


def _of_texts(ask: Callable[[str, str], bool]) -> Callable[[Any, Any], bool]:
    def asked(one: Any, other: Any) -> bool:
        if not isinstance(one, str) or not isinstance(other, str):
            raise NotEvaluable(f"{kind(one)} and {kind(other)} are no texts")
        return ask(one, other)

    return asked


def _matches(text: str, pattern: str) -> bool:
    try:
        return _compiled(pattern).search(text) is not None
    except re.error as error:
        raise NotEvaluable(str(error)) from error


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_END.sub(lambda found: r"\Z" if found.group() == "$" else found.group(), pattern))


def _of_time(part: Callable[[datetime], int]) -> Callable[[Any], int]:
    def asked(value: Any) -> int:
        if not isinstance(value, datetime):
            raise NotEvaluable(f"{kind(value)} is no timestamp")
        return part(value.astimezone(UTC))

    return asked


# by name, with the number of arguments; of what is called as ``x.f(y)``, ``x`` is the first
PLAIN: dict[str, tuple[int, Callable[..., Any]]] = {
    "size": (1, _size),
    "int": (1, _int),
    "double": (1, _double),
    "type": (1, kind),
    "timestamp": (1, _timestamp),
    "duration": (1, _duration),
    "moment": (1, _moment),
    "same_moment": (2, _of_moments(moments.same)),
    "not_before": (2, _of_moments(moments.not_before)),
}
METHODS: dict[str, tuple[int, Callable[..., Any]]] = {
    "size": (1, _size),
    "startsWith": (2, _of_texts(str.startswith)),
    "endsWith": (2, _of_texts(str.endswith)),
    "contains": (2, _of_texts(str.__contains__)),
    "matches": (2, _of_texts(_matches)),
    "getHours": (1, _of_time(lambda moment: moment.hour)),
    "getMinutes": (1, _of_time(lambda moment: moment.minute)),
}
