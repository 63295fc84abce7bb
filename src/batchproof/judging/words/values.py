"""Values and places in words: short, whatever a server sends."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from batchproof.contract import pointer

_LONGEST = 48
_KEPT = 16
_MOST = 6
# up to here each integer is a number of its own
_PRECISE = 2**53
_BITS = 128
_DIGITS_A_BIT = 0.30103
# what nobody takes for anything but a text: names in capitals, ids, date-times
_PLAIN = re.compile(r"[A-Z][A-Z0-9_]*|(?=[A-Za-z0-9]*[0-9_-])(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_:.+-]*")
_KINDS = {
    "string": "a text",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


def described(value: Any) -> str:
    """A value in a few words: a text that could be taken for something else stands in quotation marks."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < _PRECISE:
            return str(int(value))
        case str():
            return _text(value)
        case list():
            return _elements(value)
        case dict():
            return "an object" if value else "an empty object"
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case timedelta():
            return f"{value.total_seconds():g} s"
    if isinstance(value, int) and value.bit_length() > _BITS:
        return f"a number of some {int(value.bit_length() * _DIGITS_A_BIT):,} digits"
    return str(value)


def of_kind(value: Any) -> str:
    """What kind of value it is, with the value where that tells more."""
    match value:
        case str():
            return f"the text {_quoted(value)}"
        case bool():
            return described(value)
        case int() | float():
            return f"the number {described(value)}"
        case list():
            return f"an array of {len(value)}" if value else "an empty array"
    return described(value)


def kind(names: Any) -> str:
    """The types that a schema allows, in words."""
    listed = names if isinstance(names, list) else [names]
    return any_of([_KINDS.get(name, str(name)) for name in listed])


def any_of(words: Sequence[str]) -> str:
    """``a, b or c``, cut where there are many."""
    if len(words) > _MOST:
        return f"{', '.join(words[:_MOST])} or {len(words) - _MOST} others"
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def listed(values: Iterable[Any]) -> str:
    """Some values, and how many more there are."""
    words = [described(value) for value in values]
    more = len(words) - _MOST
    return ", ".join(words[:_MOST]) + (f" and {more} more" if more > 0 else "")


def counted(count: int, what: str) -> str:
    """``1 row``, ``2 rows``."""
    if count == 1:
        return f"1 {what}"
    return f"{count:,} {what[:-1]}ies" if what.endswith("ry") else f"{count:,} {what}s"


def place(segments: Iterable[str | int]) -> str:
    """A place in a body: ``usage.breakdown[2].credits``."""
    described = ""
    for segment in segments:
        name = str(segment)
        if name.isascii() and name.isdigit():
            described += f"[{name}]"
        else:
            described += f".{cut(name)}" if described else cut(name)
    return described


def place_at(at: str) -> str:
    """The same for a JSON Pointer."""
    return place(pointer.parse(at))


def cut(text: str) -> str:
    """The beginning of a text that is too long for a line."""
    return text if len(text) <= _LONGEST else f"{text[:_KEPT]}…"


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and len(value) <= _LONGEST:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    if not value:
        return "an empty text" if value == "" else ""
    if len(value) <= _LONGEST:
        return f'"{value}"'
    return f'"{value[:_KEPT]}…" ({len(value):,} characters)'


def _elements(value: Sequence[Any]) -> str:
    if not value:
        return "an empty array"
    if len(value) <= _MOST and not any(isinstance(item, dict | list) for item in value):
        return f"[{', '.join(map(described, value))}]"
    return f"an array of {len(value):,}"
