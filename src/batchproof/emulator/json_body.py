"""Reading JSON strictly: what RFC 8259 forbids or what cannot be sent back is refused, never guessed at."""

import json
import math
from typing import Any, NoReturn

from starlette.datastructures import Headers

from .exchange import JsonObject

MAX_DEPTH = 100


class BadBodyError(ValueError):
    """The request body is not an acceptable JSON object."""


def read_object(headers: Headers, raw: bytes) -> JsonObject:
    """Decode a JSON object out of a request body."""
    types = {value.partition(";")[0].strip().lower() for value in headers.getlist("content-type")}
    if types != {"application/json"}:
        raise BadBodyError("The content type must be application/json.")
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
        # A lone surrogate can only arrive as an escape, and cannot be written as UTF-8.
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadBodyError("The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise BadBodyError("The body must be a JSON object.")
    if _deeper_than(value, MAX_DEPTH):
        raise BadBodyError(f"The body is nested deeper than {MAX_DEPTH} levels.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("number out of range")
    return number


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [
            child
            for parent in level
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True
