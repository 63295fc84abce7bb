"""What the faults and variants of several vendors do; each vendor's own docstring tells which sentence it concerns."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from .behaviour import ANY, Behaviour, ObjectHook
from .clock import from_milliseconds
from .exchange import Call, JsonObject


def put(behaviour: Behaviour, kind: str, /, **values: Any) -> None:
    """Every object of a kind has these values."""
    behaviour.on_object(kind, lambda body, *_: body.update(values))


def put_where(behaviour: Behaviour, kind: str, state: str, /, **values: Any) -> None:
    """Every object of a kind that stands in a status has these values."""

    def change(body: JsonObject, _record: Any, _call: Call) -> None:
        if body["status"] == state:
            body.update(values)

    behaviour.on_object(kind, change)


def drop(behaviour: Behaviour, kind: str, key: str) -> None:
    """Every object of a kind lacks a key."""
    behaviour.on_object(kind, lambda body, *_: body.pop(key, None))


def in_operation(
    behaviour: Behaviour, operation: str, kind: str, change: Callable[[JsonObject, Any, Call], object]
) -> None:
    """The objects of a kind are changed in the answers of one operation only."""
    behaviour.on_object(kind, change, [operation])


def add(behaviour: Behaviour, /, **values: Any) -> None:
    """Every object has these members, too, unless it has them already. A map by field name, such as an output, has none."""

    def change(body: JsonObject, _record: Any, _call: Call) -> None:
        is_a_map = body and all(isinstance(value, dict) and "references" in value for value in body.values())
        if not is_a_map:
            body.update(values | body)

    behaviour.on_object(ANY, change)


def omit_nulls(body: JsonObject, _record: Any, _call: Call) -> None:
    """An object hook that leaves out what would be null."""
    for key in [key for key, value in body.items() if value is None]:
        del body[key]


def from_look(behaviour: Behaviour, kind: str, states: Collection[str], first: int, do: ObjectHook) -> None:
    """From the `first` look on at an object that stands in one of the states, something else happens to it, too."""
    looks: Counter[str] = Counter()
    folded = {state.casefold() for state in states}

    def change(body: JsonObject, record: Any, call: Call) -> None:
        # Another fault may have changed the case.
        if body["status"].casefold() in folded:
            looks[record.id] += 1
            if looks[record.id] >= first:
                do(body, record, call)

    behaviour.on_object(kind, change)


def gzip(behaviour: Behaviour) -> None:
    """RFC 9110: a body may be compressed for a client that accepts it."""
    behaviour.middleware.append(Middleware(GZipMiddleware, minimum_size=1, compresslevel=5))


def fractional_offset_times(behaviour: Behaviour) -> None:
    """RFC 3339 allows microseconds and an offset of +00:00."""
    behaviour.timestamp = lambda ms: from_milliseconds(ms).isoformat(timespec="microseconds")
