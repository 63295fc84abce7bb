"""Changed exchanges: another body, another answer, none."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import msgspec
from msgspec import UNSET

from batchproof.contract import pointer
from batchproof.history import Exchange, Failure, Response

from .looks import Healthy, Look
from .mutants import Changes
from .paths import changed

# what becomes of the object that a look shows
Rewrite = Callable[[Look], Any]


def with_body(exchange: Exchange, body: Any) -> Exchange:
    """The exchange as if it had been answered with ``body``."""
    assert exchange.response is not None
    return msgspec.structs.replace(exchange, response=msgspec.structs.replace(exchange.response, body=body))


def answered(exchange: Exchange, status: int, body: Any = UNSET) -> Exchange:
    """The exchange as if it had been answered otherwise."""
    headers = {} if exchange.response is None else exchange.response.headers
    text = "" if body is UNSET else None
    response = Response(status=status, headers=headers, body=body, text=text)
    return msgspec.structs.replace(exchange, response=response, failure=None)


def broken(exchange: Exchange) -> Exchange:
    """The exchange as if the connection had broken."""
    failure = Failure(kind="connect", message="the connection was closed")
    return msgspec.structs.replace(exchange, response=None, failure=failure)


def rewritten(healthy: Healthy, looks: Iterable[Look], rewrite: Rewrite) -> Changes:
    """The exchanges that show ``looks``, with each of these objects rewritten; only those that differ from before."""
    by_exchange: dict[int, list[Look]] = defaultdict(list)
    for look in looks:
        by_exchange[look.number].append(look)
    found: dict[int, Exchange] = {}
    for index, shown in by_exchange.items():
        exchange = healthy.exchanges[index]
        assert exchange.response is not None
        body = exchange.response.body
        for look in shown:
            fresh = rewrite(look)
            body = changed(body, look.at, partial(put, fresh))
        if not same(body, exchange.response.body):
            found[index] = with_body(exchange, body)
    return found


def put(fresh: Any, _before: Any) -> Any:
    """``fresh``, whatever was there before."""
    return fresh


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same, types of numbers and booleans included."""
    return one is other or (one == other and msgspec.json.encode(one) == msgspec.json.encode(other))


def first_of(look: Look, at: str) -> Any:
    """The first value of a property in a look, or None."""
    return pointer.first(look.value, at)
