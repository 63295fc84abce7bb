"""Survivors in classes, the largest first: what to mend, or to give a reason for."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from .mutants import Judged


class Class(NamedTuple):
    """Mutants of one property by one operator. ``operations`` and ``states`` are those in which they occur."""

    property: str
    operator: str
    operations: tuple[str, ...]
    states: tuple[str, ...]
    size: int


def ranked(judged: Iterable[Judged]) -> list[Class]:
    """The classes of ``judged``, by the number of mutants."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for item in judged:
        groups[item.key.property, item.key.operator].append(item)
    found = [
        Class(
            about,
            operator,
            tuple(sorted({item.key.operation for item in items})),
            tuple(sorted({item.key.state for item in items})),
            len(items),
        )
        for (about, operator), items in groups.items()
    ]
    return sorted(found, key=lambda item: (-item.size, item.property, item.operator))


def described(item: Class) -> str:
    """One line for people."""
    return f"{item.size:5}  {item.property} {item.operator}  in {', '.join(item.operations)}  ({', '.join(item.states)})"
