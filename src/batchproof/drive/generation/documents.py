"""Takes one place of a JSON document over from another one; the document itself stays as it is."""

from typing import Any

from batchproof.contract import pointer


def graft(document: Any, other: Any, at: str) -> Any:
    """``document`` with what ``other`` has at ``at``, and with whatever stands above it and is missing."""
    segments = pointer.parse(at)
    for depth in range(len(segments)):
        here = pointer.join(segments[: depth + 1])
        if pointer.first(document, here, default=_MISSING) is _MISSING:
            return pointer.put(document, here, pointer.first(other, here))
    return pointer.put(document, at, pointer.first(other, at))


_MISSING = object()
