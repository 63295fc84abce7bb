"""Cursor paging in which a traversal meets every record exactly once, even while records change.

The cursor remembers the moment at which the traversal began. Pages are cut in the order of that moment, and records that
were created since are left out; within a page the records stand in their present order.
"""

import base64
import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol, TypeVar


class Record(Protocol):
    """What can be listed; times are in milliseconds since 1970, `number` counts creations."""

    @property
    def id(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def created(self) -> int: ...

    def updated(self, now: int, /) -> int:
        """The time of the last change that had happened by `now`."""
        ...


R = TypeVar("R", bound=Record)


class BadTokenError(ValueError):
    """The page token was not made here."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is wanted, and in which order."""

    size: int
    token: str | None = None
    by_update: bool = True
    descending: bool = True


@dataclass(frozen=True, slots=True)
class _Cursor:
    as_of: int
    newest: int
    time: int
    id: str

    def encode(self) -> str:
        text = json.dumps([self.as_of, self.newest, self.time, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, token: str) -> "_Cursor":
        try:
            padded = token.encode("ascii") + b"=" * (-len(token) % 4)
            as_of, newest, time, id_ = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        except (ValueError, TypeError, RecursionError):
            raise BadTokenError("The page token is not valid.") from None
        if not all(type(part) is int for part in (as_of, newest, time)) or not isinstance(id_, str):
            raise BadTokenError("The page token is not valid.")
        return cls(as_of, newest, time, id_)


def cut_page(records: Iterable[R], window: Window, *, now: int, newest: int) -> tuple[list[R], str | None]:
    """Return one page of `records` and the token of the next one; `newest` is the last number given out."""
    cursor = None if window.token is None else _Cursor.decode(window.token)
    as_of, newest = (now, newest) if cursor is None else (cursor.as_of, cursor.newest)

    def key(record: R, moment: int) -> tuple[int, str]:
        return (record.updated(moment) if window.by_update else record.created, record.id)

    keyed = [(key(record, as_of), record) for record in records if record.number <= newest]
    if cursor is not None:
        seen = (cursor.time, cursor.id)
        keyed = [pair for pair in keyed if (pair[0] < seen if window.descending else pair[0] > seen)]
    first = heapq.nlargest if window.descending else heapq.nsmallest
    chosen = first(window.size + 1, keyed, key=itemgetter(0))
    token = None
    if len(chosen) > window.size:
        chosen.pop()
        token = _Cursor(as_of, newest, *chosen[-1][0]).encode()
    page = [record for _, record in chosen]
    page.sort(key=lambda record: key(record, now), reverse=window.descending)
    return page, token
