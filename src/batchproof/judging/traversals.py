"""Traversals: a list read from its first page to its last."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Operation
from batchproof.history import Exchange
from batchproof.judging.answers import left_open
from batchproof.judging.changes import possible_deletions
from batchproof.judging.exchanges import indexed
from batchproof.judging.grace import GRACE_S, follows
from batchproof.judging.known import Known, rows_of
from batchproof.judging.snapshots import Snapshot, Snapshots, accepted
from batchproof.judging.somebody_elses import is_somebody_elses


class Traversal(NamedTuple):
    """A complete traversal over a list.

    ``deleted``: rows may be missing, since objects may have been deleted. ``known``: objects of the kind of its rows that
    were at rest before it began (``known.py``), ``still`` those of them that were seen again afterwards. ``about``: what the
    body of each page says beside its rows. ``details``: the last looks in detail at the objects of its rows, whenever
    they were taken. ``later``: the first look in detail at the owner that no replica can have kept from before the traversal.
    """

    operation: str
    pages: tuple[Exchange, ...]
    rows: list[Any]
    sizes: list[int]
    query: dict[str, str]
    owner: Snapshot | None
    request: Any
    deleted: bool = False
    known: Sequence[Any] = ()
    about: Sequence[Any] = ()
    still: Sequence[Any] = ()
    details: Sequence[Any] = ()
    later: Snapshot | None = None


def find_traversals(
    contract: Contract, exchanges: Sequence[Exchange], snapshots: Snapshots
) -> Iterator[Traversal]:
    """Every traversal that was made to its end: each page asked for with the token that the page before had given."""
    asked = indexed(contract, exchanges)
    for name, operation in contract.manifest.operations.items():
        if operation.pages is None:
            continue
        pages = [item for item in asked.of(name) if accepted(contract, item) and not left_open(item)]
        removals = _Removals(contract, operation, pages, asked.changes, snapshots)
        known = Known(contract, operation, pages, asked.changes, snapshots)
        for first in pages:
            if operation.pages.token not in dict(first.request.query):
                followed = _follow(operation, first, pages)
                if followed is not None:
                    traversal = _traverse(name, operation, followed, snapshots)
                    at_rest = known.of(traversal.pages, traversal.query)
                    if is_somebody_elses(first):
                        # other clients, whom nobody saw, may have deleted what is not seen again
                        at_rest = [item for item in at_rest if known.seen_after(item.id, traversal.pages)]
                    asked_before = _asked_before(first, pages)
                    yield traversal._replace(
                        deleted=removals.touch(traversal, operation),
                        known=[item.value for item in at_rest],
                        still=[
                            item.value
                            for item in at_rest
                            if known.seen_after(item.id, traversal.pages)
                            and known.rested_before(item, asked_before)
                        ],
                        details=_details(contract, operation, traversal.rows, snapshots),
                    )


class _Removals:
    """The deletions that may have taken rows out of a list."""

    def __init__(
        self,
        contract: Contract,
        operation: Operation,
        pages: Sequence[Exchange],
        changes: Sequence[Exchange],
        snapshots: Snapshots,
    ) -> None:
        shown = operation.success.shows[0]
        deletions = possible_deletions(contract, changes, shown.resource)
        self._deletions = [(item.request.path["id"], item.start) for item in deletions]
        self._alone = {id_ for resource, id_ in snapshots.created_by if resource == shown.resource}
        self._owners: dict[str, set[str]] = defaultdict(set)
        owner = operation.owner
        for page in pages if owner is not None and self._deletions else ():
            assert owner is not None
            named = dict(page.request.query).get(owner.parameter)
            for row in rows_of(operation, page) if named is not None else ():
                self._owners[str(pointer.first(row, contract.manifest.resources[shown.resource].id))].add(
                    named or ""
                )

    def touch(self, traversal: Traversal, operation: Operation) -> bool:
        """Whether one of them may have taken a row out of ``traversal``."""
        end = traversal.pages[-1].end
        owner = None if operation.owner is None else traversal.query.get(operation.owner.parameter)
        return any(
            start < end and (owner is None or self._may_belong(id_, owner)) for id_, start in self._deletions
        )

    def _may_belong(self, id_: str, owner: str) -> bool:
        return owner in self._owners[id_] if id_ in self._owners else id_ not in self._alone


def _follow(operation: Operation, first: Exchange, pages: Sequence[Exchange]) -> list[Exchange] | None:
    assert operation.pages is not None
    traversed = [first]
    while token := _next_token(operation, traversed[-1]):
        following = [
            page
            for page in pages
            if page.scenario == first.scenario
            and page.start >= traversed[-1].end
            and dict(page.request.query) == {**_filters(operation, first), operation.pages.token: token}
        ]
        if not following or following[0] in traversed:
            return None
        traversed.append(following[0])
    return traversed


def _asked_before(first: Exchange, pages: Sequence[Exchange]) -> float:
    """The second at which the same page was asked for the last time before: a cache may show it as it was then."""
    same = (page.start for page in pages if page.request.url == first.request.url and page.end <= first.start)
    return max(same, default=first.start)


def _next_token(operation: Operation, page: Exchange) -> str | None:
    assert operation.pages is not None
    assert page.response is not None
    token = pointer.first(page.response.body, operation.pages.next)
    return token if isinstance(token, str) and token else None


def _filters(operation: Operation, page: Exchange) -> dict[str, str]:
    assert operation.pages is not None
    return {name: value for name, value in page.request.query if name != operation.pages.token}


def _traverse(name: str, operation: Operation, pages: Sequence[Exchange], snapshots: Snapshots) -> Traversal:
    assert operation.pages is not None
    found = [rows_of(operation, page) for page in pages]
    query = _filters(operation, pages[0])
    owner, request, later = None, None, None
    if operation.owner is not None and operation.owner.parameter in query:
        identifier = query[operation.owner.parameter]
        owner = _at_last(snapshots, operation.owner.resource, identifier, pages[0].start)
        request = snapshots.request_of(operation.owner.resource, identifier)
        looks = snapshots.by_object.get((operation.owner.resource, identifier), ())
        later = next(
            (item for item in looks if item.view == "detail" and follows(item.exchange, pages[-1])), None
        )
    return Traversal(
        operation=name,
        pages=tuple(pages),
        rows=[row for rows in found for row in rows],
        sizes=[len(rows) for rows in found],
        query=query,
        owner=owner,
        request=request,
        later=later,
        about=[_beside_rows(operation, page) for page in pages],
    )


def _beside_rows(operation: Operation, page: Exchange) -> Any:
    assert operation.pages is not None
    assert page.response is not None
    body, rows = page.response.body, pointer.parse(operation.pages.rows)
    return (
        {name: value for name, value in body.items() if name not in rows[:1]}
        if isinstance(body, dict)
        else {}
    )


def _details(
    contract: Contract, operation: Operation, rows: Sequence[Any], snapshots: Snapshots
) -> list[Any]:
    """The last looks in detail at the objects that the rows show, of those that were looked at so."""
    if not operation.success.shows:
        return []
    resource = operation.success.shows[0].resource
    id_at = contract.manifest.resources[resource].id
    names = dict.fromkeys(str(pointer.first(row, id_at)) for row in rows)
    seen = (snapshots.by_object.get((resource, name), ()) for name in names)
    last = (next((item for item in reversed(looks) if item.view == "detail"), None) for looks in seen)
    return [item.value for item in last if item is not None]


def _at_last(snapshots: Snapshots, resource: str, identifier: str, moment: float) -> Snapshot | None:
    """The last look at the owner, or the last one in detail that showed the same status: a row may leave its counts out.

    None where it may have come to that status too late for every replica of the list.
    """
    last = snapshots.last_before(resource, identifier, moment)
    if last is None:
        return None
    seen = snapshots.by_object[resource, identifier]
    since = next(item for item in seen if item.status == last.status)
    if since.end + GRACE_S > moment:
        return None
    before = (item for item in reversed(seen) if item.end <= moment and item.status == last.status)
    return next((item for item in before if item.view == "detail"), last)
