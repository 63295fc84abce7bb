"""Pointers with ``*`` for elements of arrays and names of maps, and what stands there in a body."""

from collections.abc import Iterator

from batchproof.contract.pointer import join, parse
from batchproof.json_values import Json
from batchproof.upgrade.fields import ANY


def found(body: Json, at: str) -> Iterator[tuple[str, Json]]:
    """Every place of ``body`` that ``at`` names, with what stands there."""
    places: list[tuple[list[str | int], Json]] = [([], body)]
    for segment in parse(at):
        deeper: list[tuple[list[str | int], Json]] = []
        for path, value in places:
            deeper += [([*path, key], child) for key, child in _members(value, segment)]
        places = deeper
    return ((join(path), value) for path, value in places)


def _members(value: Json, segment: str) -> Iterator[tuple[str | int, Json]]:
    if isinstance(value, dict):
        yield from (
            value.items() if segment == ANY else ((key, value[key]) for key in (segment,) if key in value)
        )
    elif isinstance(value, list):
        if segment == ANY:
            yield from enumerate(value)
        elif segment.isascii() and segment.isdigit() and int(segment) < len(value):
            yield int(segment), value[int(segment)]


def covers(pattern: str, at: str) -> bool:
    """Whether ``at``, or what holds it, is among the places that ``pattern`` names."""
    wanted, given = parse(pattern), parse(at)
    return len(wanted) <= len(given) and all(
        one in (ANY, other) or other == ANY for one, other in zip(wanted, given, strict=False)
    )


def same(pattern: str, at: str) -> bool:
    """Whether ``at`` is among the places that ``pattern`` names."""
    return covers(pattern, at) and covers(at, pattern)


def names_an_id(name: str) -> bool:
    """Whether a property of this name holds an id."""
    return name == "id" or name.endswith(("Id", "_id"))
