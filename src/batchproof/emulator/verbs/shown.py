"""What a verb sees, by paths: the object that is shown, what it shows, and the request.

`links.self` is a member of the object, or of the body of an answer. `record.` leads into what the emulator remembers, where
a method is asked about the moment of the call; `request.` into the JSON of the request, `query.`, `header.` and `path.` to
its parameters, `call.` to the rest of it. `request` alone is all of its JSON. What is not there is null.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject


@dataclass(frozen=True, slots=True)
class Shown:
    """An object or a body, with what it shows and the request that asked for it."""

    body: Any
    record: Any
    call: Call
    timestamp: Callable[[int], str] = str

    def at(self, path: str) -> Any:
        """The value at a path."""
        if path == "request":
            return said(self.call)
        place, dot, rest = path.partition(".")
        match place if dot else "":
            case "record":
                return reduce(self._member, rest.split("."), self.record)
            case "request":
                return reduce(_child, rest.split("."), said(self.call))
            case "query":
                return self.call.query.get(rest)
            case "header":
                return self.call.headers.get(rest)
            case "path":
                return self.call.path.get(rest)
            case "call":
                return getattr(self.call, rest)
            case _:
                return reduce(_child, path.split("."), self.body)

    def first(self, paths: Sequence[str]) -> Any:
        """The first value at one of the paths that is not null."""
        return next((value for value in map(self.at, paths) if value is not None), None)

    def put(self, path: str, value: Any) -> None:
        """Give a member of the object this value."""
        parent, last = self._parent(path)
        parent[int(last) if isinstance(parent, list) else last] = value

    def drop(self, path: str) -> None:
        """Take a member of the object away, if it is there."""
        parent, last = self._parent(path)
        if isinstance(parent, dict):
            parent.pop(last, None)

    def _parent(self, path: str) -> tuple[Any, str]:
        *above, last = path.split(".")
        return reduce(_child, above, self.body), last

    def _member(self, value: Any, name: str) -> Any:
        if isinstance(value, Mapping | Sequence):
            return _child(value, name)
        found = getattr(value, name, None)
        return found(self.call.now) if callable(found) else found


def said(call: Call) -> Any:
    """What a request says, or nothing where that is not JSON."""
    try:
        return json.loads(call.body)
    except (ValueError, RecursionError):
        return None


def said_members(call: Call) -> JsonObject:
    """What a request says, or nothing where it does not say a JSON object."""
    found = said(call)
    return found if isinstance(found, dict) else {}


def _child(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list | tuple) and name.lstrip("-").isdigit():
        return value[int(name)] if -len(value) <= int(name) < len(value) else None
    return None
