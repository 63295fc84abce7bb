"""Changes one place of a JSON document; the document itself stays as it is."""

from typing import Any

from batchproof.contract import pointer


def put(document: Any, at: str, value: Any) -> Any:
    """``document`` with ``value`` at ``at``; the place above it exists. An index one beyond the end appends."""
    segments = pointer.parse(at)
    if not segments:
        return value
    first, rest = segments[0], pointer.join(segments[1:])
    if isinstance(document, list):
        index = int(first)
        fresh = [*document, None] if index == len(document) else list(document)
        fresh[index] = put(fresh[index], rest, value)
        return fresh
    return {**document, first: put(document.get(first), rest, value)}


def without(document: dict[str, Any], at: str) -> Any:
    """``document`` without the property at ``at``, which exists."""
    above, _, _ = at.rpartition("/")
    name = pointer.parse(at)[-1]
    parent = pointer.first(document, above)
    return put(document, above, {key: value for key, value in parent.items() if key != name})


def graft(document: Any, other: Any, at: str) -> Any:
    """``document`` with what ``other`` has at ``at``, and with whatever stands above it and is missing."""
    segments = pointer.parse(at)
    for depth in range(len(segments)):
        here = pointer.join(segments[: depth + 1])
        if pointer.first(document, here, default=_MISSING) is _MISSING:
            return put(document, here, pointer.first(other, here))
    return put(document, at, pointer.first(other, at))


_MISSING = object()
