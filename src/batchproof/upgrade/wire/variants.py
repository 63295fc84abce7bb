"""Which of several things that the older version has in one a recorded run drove: its answers show it."""

from collections import Counter
from collections.abc import Iterator

from batchproof.contract import pointer
from batchproof.history import History, has_body
from batchproof.upgrade.mapping import Map, filled


def variant_of(mapped: Map, older: History) -> str:
    """The variant of what was created; the first one where nothing was: what was there before may be of any."""
    counted = Counter(_created(mapped, older))
    return counted.most_common(1)[0][0] if counted else mapped.variants[0]


def _created(mapped: Map, older: History) -> Iterator[str]:
    for exchange in older.exchanges:
        operation = mapped.older.operations.get(exchange.operation or "")
        response = exchange.response
        if operation is None or operation.creates is None or response is None or not has_body(response):
            continue
        for view in operation.success.shows:
            for _, value in pointer.find(response.body, view.at):
                yield from _variants(mapped, value)


def _variants(mapped: Map, value: object) -> Iterator[str]:
    """The variant that ``value`` is by what decides the conditions of its shape."""
    for pair in mapped.pairs:
        given = pair.shape.given
        if given and all(
            pointer.first(value, at) == filled(mapped.migration, text, pair.variant)
            for at, text in given.items()
        ):
            yield pair.variant
