"""Text from a server, made safe to show: nothing in it can steer a terminal, break XML or start a new line."""

import json
from typing import Any

_LONGEST = 300


def visible(text: str) -> str:
    """``text`` with everything that is not printable, line ends included, written as an escape."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def short(text: str, limit: int = _LONGEST) -> str:
    """The beginning of ``text``, visible, with the length of the whole when it was cut."""
    if len(text) <= limit:
        return visible(text)
    return f"{visible(text[:limit])}… ({len(text):,} characters)"


def as_json(value: Any, limit: int = _LONGEST) -> str:
    """``value`` as one short line of JSON."""
    return short(json.dumps(value, ensure_ascii=False), limit)
