"""Changes inside JSON values; what is not on the way to the change is shared."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from batchproof.contract import pointer


class Missing:
    """Stands for a property that is not there."""


MISSING: Final = Missing()
Change = Callable[[Any], Any]


def changed(value: Any, at: str, change: Change) -> Any:
    """``value`` with ``change`` made at every place that ``at`` names; ``MISSING`` takes the property away."""
    return _changed(value, segments_of(at), change)


def _changed(value: Any, segments: Sequence[str], change: Change) -> Any:
    if not segments:
        return change(value)
    first, *rest = segments
    if isinstance(value, list) and first == "*":
        return [item for item in (_changed(one, rest, change) for one in value) if item is not MISSING]
    if isinstance(value, list) and first.isdigit() and int(first) < len(value):
        index = int(first)
        return [*value[:index], _changed(value[index], rest, change), *value[index + 1 :]]
    if isinstance(value, dict) and first in value:
        fresh = _changed(value[first], rest, change)
        if fresh is MISSING:
            return {name: item for name, item in value.items() if name != first}
        return {**value, first: fresh}
    return value


def values(value: Any, at: str) -> Iterator[Any]:
    """The values at every place that ``at`` names: those of ``pointer.find``, without the pointers to them."""
    return _values(value, segments_of(at))


def _values(value: Any, segments: Sequence[str]) -> Iterator[Any]:
    for position, segment in enumerate(segments):
        if isinstance(value, dict) and segment in value:
            value = value[segment]
        elif isinstance(value, list) and segment == "*":
            for one in value:
                yield from _values(one, segments[position + 1 :])
            return
        elif isinstance(value, list) and segment.isdigit() and int(segment) < len(value):
            value = value[int(segment)]
        else:
            return
    yield value


@lru_cache(maxsize=8192)
def segments_of(at: str) -> tuple[str, ...]:
    """The segments of a pointer."""
    return tuple(pointer.parse(at))


def below(at: str, root: str) -> str | None:
    """``at`` as seen from ``root``, or None where it does not lie below."""
    return at[len(root) :] if at.startswith(root + "/") else None
