"""The objects that a change makes look otherwise."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from batchproof.judge.sightings import accepted, shown_by

from .looks import Healthy
from .mutants import Changes


class Object(NamedTuple):
    """An object, as it was named before a change or is afterwards."""

    resource: str
    id: str


class Touched(NamedTuple):
    """How an object is shown where something changed, before and afterwards; ``fresh`` are values that were not there before."""

    values: list[Any]
    fresh: set[str]


def touched(healthy: Healthy, changes: Changes) -> dict[Object, Touched]:
    """The objects that changed answers show, and do not show as before."""
    found: dict[Object, Touched] = {}
    for index, exchange in changes.items():
        before = _shown(healthy, index)
        after: dict[Object, list[Any]] = {}
        if accepted(healthy.contract, exchange):
            for seen in shown_by(healthy.contract, exchange):
                after.setdefault(Object(seen.resource, seen.id), []).append(seen.value)
        for key in {**before, **after}:
            old, new = before.get(key, []), after.get(key, [])
            if len(old) == len(new) and all(one is other for one, other in zip(old, new, strict=True)):
                continue
            about = found.setdefault(key, Touched([], set()))
            about.values.extend([*old, *new])
            known = {text for value in old for text in _spelled(value)}
            about.fresh.update(text for value in new for text in _spelled(value) if text not in known)
    return found


def _shown(healthy: Healthy, index: int) -> dict[Object, list[Any]]:
    found: dict[Object, list[Any]] = {}
    for look in healthy.of_number(index):
        found.setdefault(Object(look.resource, look.id), []).append(look.value)
    return found


def _spelled(value: Any) -> Iterator[str]:
    """Every scalar in a value, as a query spells it."""
    if isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _spelled(child)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None:
        yield str(value)
