"""Known objects: what a list has to show, since this history saw it come to rest, and nobody touched it afterwards."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Operation
from batchproof.history import Exchange
from batchproof.judging.changes import possible_deletions
from batchproof.judging.grace import GRACE_S
from batchproof.judging.snapshots import Snapshot, Snapshots


class Known:
    """The objects of the kind that one list operation shows."""

    def __init__(
        self,
        contract: Contract,
        operation: Operation,
        pages: Sequence[Exchange],
        changes: Sequence[Exchange],
        snapshots: Snapshots,
    ) -> None:
        """``pages`` are the accepted exchanges of ``operation``, ``changes`` all that may have changed an object."""
        self._owner = operation.owner
        shown = next(iter(operation.success.shows), None)
        resource = None if shown is None else contract.manifest.resources[shown.resource]
        lifecycle = None if resource is None else resource.lifecycle
        # what has no life cycle is always at rest
        self._terminal = None if lifecycle is None else contract.manifest.lifecycles[lifecycle].terminal
        self._removed: list[tuple[str, float]] = []
        self._objects: dict[str, list[Snapshot]] = {}
        # counted once, since every traversal asks for every object
        self._ends: dict[str, list[float]] = {}
        self._first_ends: dict[str, dict[str | None, float]] = {}
        self._last_starts: dict[str, float] = {}
        # of objects that nobody touched, from when on the last look shows what every replica has to show
        self._settled: dict[str, tuple[float, Snapshot]] = {}
        self._changes: dict[str, list[Exchange]] = defaultdict(list)
        self._belonging: dict[str, list[tuple[str, float]]] = defaultdict(list)
        if shown is None or resource is None:
            return
        for seen in snapshots.of(shown.resource):
            own = [item for item in seen if _of_own(item.exchange)]
            if own:
                self._objects[own[0].id] = own
                self._ends[own[0].id] = [item.end for item in own]
                self._first_ends[own[0].id] = {item.status: item.end for item in reversed(own)}
                self._last_starts[own[0].id] = max(item.start for item in own)
        for change in changes:
            self._changes[change.request.path["id"]].append(change)
        for name, looks in self._objects.items():
            last, ends = looks[-1], self._ends[name]
            if name not in self._changes and (self._terminal is None or last.status in self._terminal):
                self._settled[name] = max(ends[-1], self._first_ends[name][last.status] + GRACE_S), last
        if self._owner is not None:
            self._removed = [
                (item.request.path["id"], item.start)
                for item in possible_deletions(contract, changes, self._owner.resource)
            ]
            self._find_owners(operation, pages, resource.id, resource.refers.get(self._owner.resource))

    def of(self, traversal: Sequence[Exchange], query: dict[str, str]) -> list[Snapshot]:
        """The last looks at the objects that were at rest before the pages of ``traversal`` were asked for.

        Where the query names an owner, only those that are known to belong to it.
        """
        begin, end = traversal[0].start, traversal[-1].end
        if not all(map(_of_own, traversal)):
            return []
        names = list(self._objects)
        owner = None if self._owner is None else query.get(self._owner.parameter)
        if owner is not None:
            if any(name == owner and start < end for name, start in self._removed):
                return []
            names = list(dict.fromkeys(name for name, since in self._belonging[owner] if since <= begin))
        found = [self._at_rest(name, begin, end) for name in names if name in self._objects]
        return [item for item in found if item is not None]

    def seen_after(self, name: str, traversal: Sequence[Exchange]) -> bool:
        """Whether the object was shown by a look that no replica can have been behind for when ``traversal`` ended."""
        return self._last_starts[name] >= traversal[-1].end + GRACE_S

    def rested_before(self, look: Snapshot, moment: float) -> bool:
        """Whether the object of ``look`` had been seen in its state a second or more before ``moment``."""
        return self._first_ends[look.id][look.status] + GRACE_S <= moment

    def _at_rest(self, name: str, begin: float, end: float) -> Snapshot | None:
        """The last look at the object before ``begin`` if it shows an end that was seen early enough for every replica."""
        settled = self._settled.get(name)
        if settled is not None and settled[0] <= begin:
            return settled[1]
        looks = self._objects[name]
        if name not in self._changes:
            # most objects are never touched, and there are many
            at = bisect_right(self._ends[name], begin) - 1
            return looks[at] if at >= 0 and self._rests(looks[at], self._first_ends[name], begin) else None
        changes = [change for change in self._changes[name] if change.start < end]
        # what a call may have changed is known again from its own answer on, or from the next look that no replica is behind for
        before = [
            item
            for item in looks
            if item.end <= begin
            and all(change is item.exchange or change.end + GRACE_S <= item.start for change in changes)
        ]
        first_ends = {item.status: item.end for item in reversed(before)}
        return before[-1] if before and self._rests(before[-1], first_ends, begin) else None

    def _rests(self, last: Snapshot, first_ends: Mapping[str | None, float], begin: float) -> bool:
        return (self._terminal is None or last.status in self._terminal) and first_ends[
            last.status
        ] + GRACE_S <= begin

    def _find_owners(
        self, operation: Operation, pages: Sequence[Exchange], id_at: str, at: str | None
    ) -> None:
        """Who each object belongs to, and since when that is known: by a page of its owner, or because it says so."""
        assert self._owner is not None
        for page in pages:
            named = dict(page.request.query).get(self._owner.parameter)
            if named is not None and _of_own(page):
                rows = rows_of(operation, page)
                self._belonging[named] += [(str(pointer.first(row, id_at)), page.end) for row in rows]
        for name, seen in self._objects.items() if at is not None else ():
            for look in seen:
                named = pointer.first(look.value, at or "")
                if isinstance(named, str):
                    self._belonging[named].append((name, look.end))


def _of_own(exchange: Exchange) -> bool:
    """False for what may be asked in the name of another customer, who sees other objects."""
    return exchange.probe is None and exchange.auth is None


def rows_of(operation: Operation, page: Exchange) -> list[Any]:
    """The rows of one page; none where it shows no array."""
    assert operation.pages is not None
    assert page.response is not None
    rows = pointer.first(page.response.body, operation.pages.rows)
    return rows if isinstance(rows, list) else []
