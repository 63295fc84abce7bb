"""Which of several things that the older version has in one a recorded run drove: its answers show it."""

from collections import Counter

from batchproof.contract import pointer
from batchproof.history import History, has_body
from batchproof.upgrade.mapping import ALL, Map, filled


def variant_of(mapped: Map, older: History) -> str:
    """The variant that most of what was created is, or else most of what was shown; the first where nothing tells."""
    created: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for exchange in older.exchanges:
        operation = mapped.older.manifest.operations.get(exchange.operation or "")
        response = exchange.response
        if operation is None or response is None or not has_body(response):
            continue
        if response.status not in operation.success.statuses:
            continue
        for view in operation.success.shows:
            for _, value in pointer.find(response.body, view.at):
                found = _variant(mapped, value)
                if found is not None:
                    shown[found] += 1
                    created[found] += operation.creates is not None
    for counted in (+created, shown):
        if counted:
            return counted.most_common(1)[0][0]
    return mapped.variants[0] if mapped.variants else ALL


def _variant(mapped: Map, value: object) -> str | None:
    """The variant that ``value`` is by what decides the conditions of its shape."""
    for pair in mapped.pairs:
        given = pair.shape.given
        if given and all(
            pointer.first(value, at) == filled(mapped.migration, text, pair.variant)
            for at, text in given.items()
        ):
            return pair.variant
    return None
