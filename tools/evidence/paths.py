"""Changes inside JSON values; what is not on the way to the change is shared."""

from collections.abc import Callable
from typing import Any, Final

from batchproof.contract import pointer


class Missing:
    """Stands for a property that is not there."""


MISSING: Final = Missing()
Change = Callable[[Any], Any]


def changed(value: Any, at: str, change: Change) -> Any:
    """``value`` with ``change`` made at every place that ``at`` names; ``MISSING`` takes the property away."""
    return _changed(value, pointer.parse(at), change)


def _changed(value: Any, segments: list[str], change: Change) -> Any:
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


def below(at: str, root: str) -> str | None:
    """``at`` as seen from ``root``, or None where it does not lie below."""
    return at[len(root) :] if at.startswith(root + "/") else None
