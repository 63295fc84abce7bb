"""Where each field of an answer of the older version stands in the answer that took its place."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from batchproof.contract.pointer import join, parse
from batchproof.json_values import Json
from batchproof.upgrade.fields import ANY, Field
from batchproof.upgrade.mapping import FieldFate, Map, Pair


class Position(NamedTuple):
    """A field of the older answer at ``pattern``: ``at`` in the file of ``pair``.

    ``target`` is where it stands now, None where it has gone; ``newer`` is what is said of it there.
    """

    pattern: str
    at: str
    pair: Pair
    fate: FieldFate
    older: Field
    target: str | None
    newer: Field | None

    @property
    def subject(self) -> str:
        """The stem of the schema file with the place in it, as changes on paper name it."""
        return self.pair.older_file.rpartition("/")[2].removesuffix(".json") + self.at.replace("/", ".")


class Layout(NamedTuple):
    """The answers of one operation: the fields of the older one, and those that the newer contract describes, by pattern."""

    positions: dict[str, Position]
    newer: dict[str, Field]

    @property
    def targets(self) -> dict[str, Position]:
        """The positions by where they stand now."""
        return {item.target: item for item in self.positions.values() if item.target is not None}


def layout(mapped: Map, variant: str, older_file: str) -> Layout | None:
    """The layout of answers whose schema file is ``older_file``; None where nothing took its place."""
    pairs = {pair.older_file: pair for pair in mapped.pairs if pair.variant == variant}
    if older_file not in pairs:
        return None
    found = {item.pattern: item for item in _expanded(pairs, older_file, "", "", ())}
    return Layout(found, dict(pairs[older_file].newer))


def _expanded(
    pairs: Mapping[str, Pair], file: str, prefix: str, target: str, above: tuple[str, ...]
) -> Iterator[Position]:
    pair = pairs[file]
    for at, field in pair.older.items():
        if above and not at:
            continue
        fate = pair.fates[at]
        now = _target(pair, at, fate)
        full = None if now is None else target + now
        yield Position(
            prefix + at, at, pair, fate, field, full, pair.newer.get(now) if now is not None else None
        )
        inner = field.file
        if at and full is not None and inner is not None and inner in pairs and inner not in above:
            yield from _expanded(pairs, inner, prefix + at, full, (*above, file))


def _target(pair: Pair, at: str, fate: FieldFate) -> str | None:
    if fate.kind == "to":
        return fate.text
    if fate.kind == "unspelled":
        above, _, name = at.rpartition("/")
        parent = pair.target(above)
        return None if parent is None else f"{parent}/{name}"
    return None


ABSENT = "absent"
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "number"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)


def type_of(value: object) -> str:
    """The name of the JSON type of ``value``."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")


class Reading(NamedTuple):
    """What answers show at each place: the values at a pattern, and whether its last segment is there at all."""

    document: Json
    patterns: frozenset[str]

    def found(self, pattern: str) -> Iterator[Json]:
        """The values at ``pattern``; ``*`` stands for elements, and for names that no other pattern spells out."""
        yield from self._below(self.document, parse(pattern), "")

    def states(self, pattern: str) -> set[str]:
        """The JSON types that stand at ``pattern``, and ``absent`` where its holder is there without it."""
        above, _, _ = pattern.rpartition("/")
        segments = parse(pattern)
        if not segments or segments[-1] == ANY:
            return {type_of(value) for value in self.found(pattern)}
        holders = (value for value in self.found(above) if isinstance(value, dict))
        return {type_of(item[segments[-1]]) if segments[-1] in item else ABSENT for item in holders}

    def names(self, pattern: str) -> set[str]:
        """The names that objects at ``pattern`` have."""
        return {name for value in self.found(pattern) if isinstance(value, dict) for name in value}

    def _below(self, value: Json, segments: list[str], at: str) -> Iterator[Json]:
        if not segments:
            yield value
            return
        first, rest = segments[0], segments[1:]
        here = at + join([first])
        if first == ANY and isinstance(value, list):
            for element in value:
                yield from self._below(element, rest, here)
        elif first == ANY and isinstance(value, dict):
            for name, child in value.items():
                if at + join([name]) not in self.patterns:
                    yield from self._below(child, rest, here)
        elif isinstance(value, dict) and first in value:
            yield from self._below(value[first], rest, here)
