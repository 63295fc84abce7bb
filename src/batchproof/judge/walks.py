"""Walks: a list read from its first page to its last."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Operation
from batchproof.history import Exchange
from batchproof.judge.answers import left_open
from batchproof.judge.sightings import Sighting, Sightings, accepted


class Walk(NamedTuple):
    """A complete walk over a list."""

    operation: str
    pages: tuple[Exchange, ...]
    rows: list[Any]
    sizes: list[int]
    query: dict[str, str]
    owner: Sighting | None
    request: Any


def find_walks(contract: Contract, exchanges: Sequence[Exchange], sightings: Sightings) -> Iterator[Walk]:
    """Every walk that was made to its end: each page asked for with the token that the page before had given."""
    for name, operation in contract.manifest.operations.items():
        if operation.pages is None:
            continue
        pages = [
            item
            for item in exchanges
            if item.operation == name and accepted(contract, item) and not left_open(item)
        ]
        for first in pages:
            if operation.pages.token not in dict(first.request.query):
                followed = _follow(operation, first, pages)
                if followed is not None:
                    yield _walk(name, operation, followed, sightings)


def _follow(operation: Operation, first: Exchange, pages: Sequence[Exchange]) -> list[Exchange] | None:
    assert operation.pages is not None
    walked = [first]
    while token := _next_token(operation, walked[-1]):
        following = [
            page
            for page in pages
            if page.scenario == first.scenario
            and page.start >= walked[-1].end
            and dict(page.request.query) == {**_filters(operation, first), operation.pages.token: token}
        ]
        if not following or following[0] in walked:
            return None
        walked.append(following[0])
    return walked


def _next_token(operation: Operation, page: Exchange) -> str | None:
    assert operation.pages is not None
    assert page.response is not None
    token = pointer.first(page.response.body, operation.pages.next)
    return token if isinstance(token, str) and token else None


def _filters(operation: Operation, page: Exchange) -> dict[str, str]:
    assert operation.pages is not None
    return {name: value for name, value in page.request.query if name != operation.pages.token}


def _walk(name: str, operation: Operation, pages: Sequence[Exchange], sightings: Sightings) -> Walk:
    assert operation.pages is not None
    found = [_rows(operation, page) for page in pages]
    query = _filters(operation, pages[0])
    owner, request = None, None
    if operation.owner is not None and operation.owner.parameter in query:
        identifier = query[operation.owner.parameter]
        owner = sightings.last_before(operation.owner.resource, identifier, pages[0].start)
        request = sightings.request_of(operation.owner.resource, identifier)
    return Walk(
        operation=name,
        pages=tuple(pages),
        rows=[row for rows in found for row in rows],
        sizes=[len(rows) for rows in found],
        query=query,
        owner=owner,
        request=request,
    )


def _rows(operation: Operation, page: Exchange) -> list[Any]:
    assert operation.pages is not None
    assert page.response is not None
    rows = pointer.first(page.response.body, operation.pages.rows)
    return rows if isinstance(rows, list) else []
