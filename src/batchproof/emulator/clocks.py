"""Moments written in other ways: as coarse, as fine, or in as few characters as a documentation allows."""

import re
from typing import Any

from .behaviour import ANY, Behaviour
from .clock import from_milliseconds
from .exchange import Call, JsonObject

_MICROSECONDS = re.compile(r"(?<=\.\d{3})\d{3}(?=Z)")


def coarse(behaviour: Behaviour) -> None:
    """RFC 3339 and ISO 8601: fractions of seconds are optional; here there are none."""
    behaviour.timestamp = lambda ms: (
        from_milliseconds(ms).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
    )


def fine(behaviour: Behaviour) -> None:
    """RFC 3339 and ISO 8601: a fraction has any number of digits; here details have microseconds, and lists cut them off."""
    behaviour.timestamp = _with_microseconds

    def shorten(body: JsonObject, _record: Any, call: Call) -> None:
        if call.operation.startswith("list_"):
            for key, value in body.items():
                if key.endswith(("At", "_at")) and isinstance(value, str):
                    body[key] = _MICROSECONDS.sub("", value)

    behaviour.on_object(ANY, shorten)


def _with_microseconds(milliseconds: int) -> str:
    # a whole second stays one: a midnight, say
    more = milliseconds * 7919 % 1000 if milliseconds % 1000 else 0
    text = from_milliseconds(milliseconds).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return f"{text}{more:03}Z"


def basic(behaviour: Behaviour) -> None:
    """ISO 8601 has a basic format without separators, such as 20260209T101112Z; here every time is in it."""
    behaviour.timestamp = lambda ms: from_milliseconds(ms).strftime("%Y%m%dT%H%M%SZ")


def offsetless(behaviour: Behaviour) -> None:
    """ISO 8601: a time needs no offset; here none has one, and all are in UTC."""
    behaviour.timestamp = lambda ms: (
        from_milliseconds(ms).isoformat(timespec="milliseconds").removesuffix("+00:00")
    )
