"""Mutants of lists: rows lost, doubled, from elsewhere, in another order; a list that ends early, or breaks off."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from batchproof.contract import pointer
from batchproof.history import Exchange

from .changing import answered, put, same, with_body
from .looks import Healthy
from .mutants import ANY, Changes, Key, Mutant, Scope
from .paths import changed

_SERVER_ERROR, _BAD_REQUEST = 500, 400
# what becomes of the rows of the exchange with this number
Reorder = Callable[[int, list[Any]], list[Any]]


def of_lists(healthy: Healthy) -> Iterator[Mutant]:
    """Every operator on every array that shows objects, and on the pages of lists."""
    for name, operation in healthy.contract.manifest.operations.items():
        for shown in operation.success.shows:
            if shown.at.endswith("/*"):
                yield from _of_rows(healthy, name, shown.at.removesuffix("/*"))
        if operation.pages is not None:
            yield from _of_pages(healthy, name)


def _of_rows(healthy: Healthy, name: str, at: str) -> Iterator[Mutant]:
    groups: dict[str, list[int]] = defaultdict(list)
    for index, exchange in enumerate(healthy.exchanges):
        if exchange.operation == name and healthy.success(index) and len(_rows(exchange, at)) > 1:
            groups[_asked(exchange)].append(index)
    for asked, indices in groups.items():
        for described, reorder in _reorderings(healthy, at, name):
            for scope, chosen in _scopes(indices):
                yield Mutant(
                    Key(healthy.contract.id, name, "list", asked, at + "/*", described, scope),
                    partial(_reordered, healthy, chosen, at, reorder),
                )


def _reorderings(healthy: Healthy, at: str, name: str) -> Iterator[tuple[str, Reorder]]:
    yield "lost", lambda _, rows: [*rows[:1], *rows[2:]]
    yield "lost-last", lambda _, rows: rows[:-1]
    yield "doubled", lambda _, rows: [*rows[:-1], rows[0], rows[-1]]
    yield "doubled-instead", lambda _, rows: [*rows[:-1], rows[0]]
    yield "foreign", lambda index, rows: [*rows, *_foreign(healthy, index, at, name, rows)]
    yield "order", lambda _, rows: rows[::-1]
    yield "order-of-two", lambda _, rows: [rows[1], rows[0], *rows[2:]]
    yield "emptied", lambda _, _rows: []
    id_at = _id_at(healthy, name, at)
    yield "mixed", lambda _, rows: _mixed(rows, id_at)


def _id_at(healthy: Healthy, name: str, at: str) -> str:
    """Where the rows of an array have their ids."""
    manifest = healthy.contract.manifest
    shows = manifest.operations[name].success.shows
    return next(manifest.resources[shown.resource].id for shown in shows if shown.at == at + "/*")


def _mixed(rows: list[Any], id_at: str) -> list[Any]:
    """The first two rows with their ids exchanged: each shows the rest of the other."""
    first, second, *rest = rows
    ids = pointer.first(first, id_at), pointer.first(second, id_at)
    return [changed(second, id_at, partial(put, ids[0])), changed(first, id_at, partial(put, ids[1])), *rest]


def _foreign(healthy: Healthy, index: int, at: str, name: str, rows: list[Any]) -> list[Any]:
    """A row that another answer of this operation shows, and this one does not."""
    id_at = _id_at(healthy, name, at)
    ids = {pointer.first(row, id_at) for row in rows}
    others = (
        row
        for number, exchange in enumerate(healthy.exchanges)
        if number != index and exchange.operation == name and healthy.success(number)
        for row in _rows(exchange, at)
        if pointer.first(row, id_at) not in ids
    )
    return [row for row in [next(others, None)] if row is not None]


def _of_pages(healthy: Healthy, name: str) -> Iterator[Mutant]:
    pages = healthy.contract.manifest.operations[name].pages
    assert pages is not None
    firsts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    asked_for = {
        dict(exchange.request.query).get(pages.token): index
        for index, exchange in enumerate(healthy.exchanges)
        if exchange.operation == name and healthy.success(index)
    }
    for index, exchange in enumerate(healthy.exchanges):
        if exchange.operation == name and healthy.success(index):
            assert exchange.response is not None
            token = pointer.first(exchange.response.body, pages.next)
            if (
                isinstance(token, str)
                and token in asked_for
                and pages.token not in dict(exchange.request.query)
            ):
                firsts[_asked(exchange)].append((index, asked_for[token]))
    for asked, found in firsts.items():
        for scope, chosen in _scopes(found):
            where = (healthy.contract.id, name, "list", asked, pages.next)
            yield Mutant(Key(*where, "cut", scope), partial(_cut, healthy, chosen, pages.next, pages.rows))
            for status in (_BAD_REQUEST, _SERVER_ERROR):
                yield Mutant(
                    Key(*where, f"second-page-{status}", scope), partial(_broken_off, healthy, chosen, status)
                )
            yield Mutant(Key(*where, "second-page-again", scope), partial(_again, healthy, chosen))


def _cut(healthy: Healthy, chosen: Sequence[tuple[int, int]], next_at: str, rows_at: str) -> Changes:
    """The first page as if it were the last: all but the rows is that of a last page, where one was seen."""
    found: dict[int, Exchange] = {}
    operation = healthy.exchanges[chosen[0][0]].operation
    lasts = [
        exchange.response.body
        for index, exchange in enumerate(healthy.exchanges)
        if exchange.operation == operation and healthy.success(index) and exchange.response is not None
        if not pointer.first(exchange.response.body, next_at)
    ]
    for first, _ in chosen:
        exchange = healthy.exchanges[first]
        assert exchange.response is not None
        if lasts:
            rows = pointer.first(exchange.response.body, rows_at)
            found[first] = with_body(exchange, changed(lasts[0], rows_at, partial(put, rows)))
    return found


def _broken_off(healthy: Healthy, chosen: Sequence[tuple[int, int]], status: int) -> Changes:
    bodies = [
        item.response.body
        for index, item in enumerate(healthy.exchanges)
        if item.response is not None and item.response.status == _BAD_REQUEST and not healthy.success(index)
    ]
    return {second: answered(healthy.exchanges[second], status, *bodies[:1]) for _, second in chosen}


def _again(healthy: Healthy, chosen: Sequence[tuple[int, int]]) -> Changes:
    """The second page shows what the first one does."""
    found: dict[int, Exchange] = {}
    for first, second in chosen:
        response = healthy.exchanges[first].response
        assert response is not None
        found[second] = with_body(healthy.exchanges[second], response.body)
    return found


def _scopes(places: Sequence[Any]) -> Iterator[tuple[Scope, Sequence[Any]]]:
    yield "once", [places[len(places) // 2]]
    if len(places) > 1:
        yield "all", places


def _asked(exchange: Exchange) -> str:
    """The names of the query parameters: they say what kind of list was asked for."""
    return "+".join(sorted({name for name, _ in exchange.request.query})) or ANY


def _rows(exchange: Exchange, at: str) -> list[Any]:
    assert exchange.response is not None
    rows = pointer.first(exchange.response.body, at)
    return rows if isinstance(rows, list) else []


def _reordered(healthy: Healthy, indices: Sequence[int], at: str, reorder: Reorder) -> Changes:
    found: dict[int, Exchange] = {}
    for index in indices:
        exchange = healthy.exchanges[index]
        assert exchange.response is not None
        body = changed(exchange.response.body, at, partial(reorder, index))
        if not same(body, exchange.response.body):
            found[index] = with_body(exchange, body)
    return found
