"""JSON as RFC 8259 has it: Python's reader takes more, and what it takes would not survive in a history.

What RFC 8259 allows, and this program does not handle, is told apart from what is no JSON.
"""

import json
import math
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import msgspec

from batchproof.errors import BatchproofError

_DEEPEST = 200
_MOST_VALUES = 250_000
_LARGEST = 2**63
# with what stands before a number the search takes half as long as with its digits alone
_DIGITS = re.compile(rb"[0-9]{19}")
_LONG_INTEGER = re.compile(r"[:,\[]\s*-?[0-9]{19}")

# what RFC 8259 forbids or advises against, and a reader can do with
Oddity = Literal["utf_16", "utf_32", "byte_order_mark", "invalid_utf8", "duplicate_names"]
_ENCODINGS: dict[str, Oddity] = {"utf-16": "utf_16", "utf-32": "utf_32"}


class UnhandledError(BatchproofError, ValueError):
    """A text may be JSON, but holds more, deeper nested or larger numbers than this program handles."""


class Read(NamedTuple):
    """A JSON value, and what is odd about the text that held it."""

    value: Any
    oddities: list[Oddity]


def parse(content: str | bytes) -> Any:
    """The value that ``content`` holds. Raises like ``read``."""
    return read(content).value


def read(content: str | bytes) -> Read:
    """The value that ``content`` holds.

    Raises ``ValueError``, which says why, when it is no JSON, and ``UnhandledError`` when it is more than is handled.
    """
    plain = _plain(content)
    if plain is not None:
        return plain
    oddities: list[Oddity] = []
    text = content if isinstance(content, str) else _decoded(content, oddities)
    _check_count(text)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs) and "duplicate_names" not in oddities:
            oddities.append("duplicate_names")
        return found

    # a function for every integer costs more than all the rest
    integer: Callable[[str], int] | None = _integer if _LONG_INTEGER.search("," + text) else None
    try:
        value = json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=integer,
            object_pairs_hook=members,
        )
    except UnhandledError:
        raise
    except RecursionError as error:
        raise UnhandledError(f"the body is nested deeper than {_DEEPEST}") from error
    except ValueError as error:
        raise ValueError("the body is not JSON") from error
    if text.count("[") + text.count("{") > _DEEPEST and _too_deep(value):
        raise UnhandledError(f"the body is nested deeper than {_DEEPEST}")
    return Read(value, oddities)


def _plain(content: str | bytes) -> Read | None:
    """What ``content`` holds where there is certainly nothing odd about it: what is read, and written again, is the same.

    This takes a tenth of the time of the reader that tells what is odd.
    """
    try:
        raw = content.encode() if isinstance(content, str) else content
    except UnicodeEncodeError:
        return None
    if len(raw) > _MOST_VALUES or raw.count(b"[") + raw.count(b"{") > _DEEPEST or _DIGITS.search(raw):
        return None
    try:
        value = msgspec.json.decode(raw)
    except (ValueError, RecursionError):
        return None
    return Read(value, []) if msgspec.json.encode(value) == raw else None


def _decoded(content: bytes, oddities: list[Oddity]) -> str:
    encoding = json.detect_encoding(content)
    oddity = _ENCODINGS.get(encoding[:6])
    if oddity is not None:
        oddities.append(oddity)
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            raise ValueError("the body is not JSON") from error
    if encoding == "utf-8-sig":
        oddities.append("byte_order_mark")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        oddities.append("invalid_utf8")
        return content.decode(encoding, "replace")


def _check_count(text: str) -> None:
    """What is in a small text may take a hundred times its size in memory; more is counted here than there is."""
    if len(text) > _MOST_VALUES and sum(map(text.count, ",[{")) > _MOST_VALUES:
        raise UnhandledError(f"the body holds more than {_MOST_VALUES} values")


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise UnhandledError("a number of the body is too large")
    return number


def _integer(text: str) -> int:
    if len(text) > 20 or not -_LARGEST <= int(text) < _LARGEST:
        raise UnhandledError("a number of the body is too large")
    return int(text)


def _too_deep(body: Any) -> bool:
    """Whether ``body`` is nested deeper than anything that a document API has to say."""
    level = [body]
    for _ in range(_DEEPEST):
        level = [
            child
            for value in level
            if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return False
    return True
