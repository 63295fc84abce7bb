"""How two pages of a list differ that stand side by side: the order of their rows, and how many there are."""

from collections.abc import Iterator
from itertools import pairwise

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Pages
from batchproof.history import Exchange, has_body
from batchproof.json_values import Json
from batchproof.upgrade.model import Sight
from batchproof.upgrade.wire.observation import Seen
from batchproof.upgrade.wire.paper import Paper
from batchproof.upgrade.wire.positions import Layout
from batchproof.upgrade.wire.steps import Beside

_FORM = "date-time"


def page_differences(
    older: Contract, newer: Contract, paper: Paper, layout: Layout, pair: Beside
) -> Iterator[Seen]:
    """Another order of rows, and pages that are longer or shorter than they were for the same request."""
    one, two = pair.older.last, pair.newer.last
    before = older.operation(pair.operation).pages
    after = newer.operation(pair.newer_operation).pages
    if before is None or after is None:
        return
    found: list[tuple[Sight, str, str]] = []
    orders = _orders(layout, before, after, one, two)
    if orders is not None:
        found.append(("order", *orders))
    lengths = _length(before, one), _length(after, two)
    if None not in lengths and lengths[0] != lengths[1]:
        found.append(("page", str(lengths[0]), str(lengths[1])))
    for kind, was, now in found:
        subject = f"{pair.operation}.{_sorting(one)}"
        yield Seen(
            subject=subject.rstrip("."),
            about="paging",
            kind=kind,
            before=was,
            after=now,
            operation=pair.operation,
            exchanges=(one.id, two.id),
            known=paper.stated(subject, kind),
        )


def _sorting(exchange: Exchange) -> str:
    """What of the query may decide the order."""
    return "&".join(
        f"{name}={value}" for name, value in sorted(exchange.request.query) if name.startswith("sort")
    )


def _body(exchange: Exchange) -> Json:
    response = exchange.response
    return response.body if response is not None and has_body(response) else None


def _orders(
    layout: Layout, before: Pages, after: Pages, one: Exchange, two: Exchange
) -> tuple[str, str] | None:
    """By which times rows were sorted, and by which they are, where none of the former holds any more."""
    rows = f"{before.rows}/*"
    was: dict[str, str] = {}
    now: dict[str, str] = {}
    for position in layout.positions.values():
        if position.older.form != _FORM or not position.pattern.startswith(rows) or position.target is None:
            continue
        name = position.target.removeprefix(f"{after.rows}/*/")
        for exchange, pattern, found in ((one, position.pattern, was), (two, position.target, now)):
            direction = _direction([value for _, value in pointer.find(_body(exchange), pattern)])
            if direction is not None:
                found[name] = direction
    sorted_by = {(name, direction) for name, direction in was.items() if direction != "mixed"}
    if not sorted_by or set(now) < {name for name, _ in sorted_by} or sorted_by & set(now.items()):
        return None
    return tuple(
        ", ".join(
            f"{name} {direction}" for name, direction in sorted(each.items()) if name in dict(sorted_by)
        )
        for each in (was, now)
    )  # type: ignore[return-value]


def _direction(values: list[Json]) -> str | None:
    """Whether texts rise, fall, or neither; None where they are too few, or all the same."""
    texts = [value for value in values if isinstance(value, str)]
    if len(set(texts)) < 2 or len(texts) != len(values):
        return None
    if all(one <= two for one, two in pairwise(texts)):
        return "ascending"
    return "descending" if all(one >= two for one, two in pairwise(texts)) else "mixed"


def _length(pages: Pages, exchange: Exchange) -> int | None:
    """How many rows a page has after which there are more: as many as were asked for, or as many as it is if nobody asks."""
    rows, token = pointer.first(_body(exchange), pages.rows), pointer.first(_body(exchange), pages.next)
    return len(rows) if isinstance(rows, list) and token else None
