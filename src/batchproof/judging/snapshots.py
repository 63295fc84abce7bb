"""Snapshots: every look at an object that the responses of a history offer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract import Contract, cel, pointer
from batchproof.history import Exchange, has_body


class Snapshot(NamedTuple):
    """One object as one response showed it. The look lasted from ``start`` to ``end``.

    A row of a list may show the object ``as_of`` the second at which the same page was asked for the last time before: that
    is what a cache may repeat.
    """

    resource: str
    id: str
    view: str
    status: str | None
    value: dict[str, Any]
    at: str
    exchange: Exchange
    as_of: float | None = None

    @property
    def start(self) -> float:
        return self.exchange.start

    @property
    def end(self) -> float:
        return self.exchange.end


class Snapshots(NamedTuple):
    """All snapshots of a history by object, each list ordered by the time at which the look ended."""

    by_object: dict[tuple[str, str], list[Snapshot]]
    created_by: dict[tuple[str, str], Any]
    creators: dict[tuple[str, str], str]

    def of(self, resource: str, view: str | None = None) -> Iterator[list[Snapshot]]:
        """For each object of ``resource``, its snapshots (in ``view``, if given)."""
        for (kind, _), seen in self.by_object.items():
            if kind == resource:
                chosen = seen if view is None else [look for look in seen if look.view == view]
                if chosen:
                    yield chosen

    def shown_in(self, exchanges: Iterable[Exchange]) -> "Snapshots":
        """The same, with those looks alone that ``exchanges`` were."""
        ids = {exchange.id for exchange in exchanges}
        by_object = {
            key: [look for look in looks if look.exchange.id in ids] for key, looks in self.by_object.items()
        }
        return self._replace(by_object={key: looks for key, looks in by_object.items() if looks})

    def request_of(self, resource: str, identifier: str) -> Any:
        """The body of the request that created the object, or None when nobody saw that."""
        return self.created_by.get((resource, identifier))

    def creator_of(self, resource: str, identifier: str) -> str | None:
        """The operation that created the object, or None when nobody saw that."""
        return self.creators.get((resource, identifier))

    def first_end(self, resource: str, identifier: str) -> float | None:
        """The second at which the first look at the object was complete; None when there was none."""
        seen = self.by_object.get((resource, identifier))
        return seen[0].end if seen else None

    def last_before(self, resource: str, identifier: str, moment: float) -> Snapshot | None:
        """The last look at the object that was complete at ``moment``."""
        seen = self.by_object.get((resource, identifier), [])
        return next((snapshot for snapshot in reversed(seen) if snapshot.end <= moment), None)

    def first_after(self, resource: str, identifier: str, moment: float) -> Snapshot | None:
        """The first look at the object that began at ``moment`` or later."""
        seen = self.by_object.get((resource, identifier), [])
        return next((snapshot for snapshot in seen if snapshot.start >= moment), None)


def in_order(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The exchanges by the time at which they ended, whatever order the file has."""
    return sorted(exchanges, key=lambda exchange: (exchange.end, exchange.start, exchange.id))


def accepted(contract: Contract, exchange: Exchange) -> bool:
    """Whether the exchange was answered with its operation's success status and a JSON body."""
    operation = contract.manifest.operations.get(exchange.operation or "")
    response = exchange.response
    return (
        operation is not None
        and response is not None
        and response.status in operation.success.statuses
        and has_body(response)
    )


def collect(contract: Contract, exchanges: Sequence[Exchange]) -> Snapshots:
    """The snapshots in ``exchanges``, which are in order."""
    by_object: dict[tuple[str, str], list[Snapshot]] = defaultdict(list)
    created_by: dict[tuple[str, str], Any] = {}
    creators: dict[tuple[str, str], str] = {}
    asked: dict[tuple[str, frozenset[tuple[str, str]]], float] = {}
    last: dict[tuple[str, str, str], Any] = {}
    for exchange in exchanges:
        if not accepted(contract, exchange):
            continue
        operation = contract.manifest.operations[exchange.operation or ""]
        as_of = None
        if operation.pages is not None:
            page = (exchange.operation or "", frozenset(exchange.request.query))
            as_of = asked.get(page)
            asked[page] = exchange.start
        for snapshot in shown_by(contract, exchange):
            key = (snapshot.resource, snapshot.id)
            # what looks as before is the very same value, so that what was found of it is known
            view = (*key, snapshot.view)
            if not cel.equal(last.get(view), snapshot.value):
                last[view] = snapshot.value
            by_object[key].append(Snapshot(*snapshot[:4], last[view], snapshot.at, exchange, as_of))
            if operation.creates == snapshot.resource:
                creators[key] = exchange.operation or ""
                if has_body(exchange.request):
                    created_by[key] = exchange.request.body
    return Snapshots(dict(by_object), created_by, creators)


def shown_by(contract: Contract, exchange: Exchange) -> Iterator[Snapshot]:
    """The objects that one exchange shows; it is an accepted one."""
    assert exchange.response is not None
    for shown in contract.manifest.operations[exchange.operation or ""].success.shows:
        resource = contract.manifest.resources[shown.resource]
        for at, value in pointer.find(exchange.response.body, shown.at):
            identifier = pointer.first(value, resource.id)
            if not isinstance(value, dict) or not isinstance(identifier, str):
                continue
            status = pointer.first(value, resource.status) if resource.status is not None else None
            yield Snapshot(
                resource=shown.resource,
                id=identifier,
                view=shown.view,
                status=status if isinstance(status, str) else None,
                value=value,
                at=at,
                exchange=exchange,
            )
