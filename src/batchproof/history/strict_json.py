"""JSON as RFC 8259 has it: Python's reader takes more, and what it takes would not survive in a history."""

import json
import math
from typing import Any

_DEEPEST = 200


def parse(content: str | bytes) -> Any:
    """The value that ``content`` holds. Raises ``ValueError``, which says why, when it is no JSON or nested too deep."""
    try:
        value = json.loads(content, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ValueError("the body is not JSON") from error
    if _too_deep(value):
        raise ValueError(f"the body is nested deeper than {_DEEPEST}")
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text} is out of range")
    return number


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
