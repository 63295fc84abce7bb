"""The objects that a change makes look otherwise."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from batchproof.contract import pointer
from batchproof.judging.snapshots import accepted, shown_by

from .looks import Healthy
from .mutants import Changes


class Object(NamedTuple):
    """An object, as it was named before a change or is afterwards."""

    resource: str
    id: str


class Touched(NamedTuple):
    """How an object is shown where something changed, before and afterwards; ``fresh`` are scalars that were not there before.

    It is ``moved`` where it is shown more often or more seldom than before, or in another state.
    """

    values: list[Any]
    fresh: set[str]
    moved: bool


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
            about = found.get(key, Touched([], set(), moved=False))
            about.values.extend([*old, *new])
            about.fresh.update(_fresh(old, new))
            status_at = healthy.contract.manifest.resources[key.resource].status
            moved = len(old) != len(new) or _states(old, status_at) != _states(new, status_at)
            found[key] = about._replace(moved=about.moved or moved)
    return found


def _states(values: list[Any], at: str | None) -> list[Any]:
    return [None if at is None else pointer.first(value, at) for value in values]


def _shown(healthy: Healthy, index: int) -> dict[Object, list[Any]]:
    found: dict[Object, list[Any]] = {}
    for look in healthy.of_number(index):
        found.setdefault(Object(look.resource, look.id), []).append(look.value)
    return found


def _fresh(old: Any, new: Any) -> Iterator[str]:
    """Every scalar in ``new`` that stands elsewhere than in ``old``, or not at all in it, as a query spells it."""
    if old is new:
        return
    if isinstance(new, dict):
        before = old if isinstance(old, dict) else {}
        for name, child in new.items():
            yield from _fresh(before.get(name), child)
    elif isinstance(new, list):
        alike = isinstance(old, list) and len(old) == len(new)
        for one, other in zip(old if alike else [None] * len(new), new, strict=True):
            yield from _fresh(one, other)
    elif isinstance(new, bool):
        yield str(new).lower()
    elif new is not None:
        yield str(new)
