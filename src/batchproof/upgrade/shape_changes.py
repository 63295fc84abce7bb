"""Changes of shapes. Variants in which the same became of a field share one change."""

from collections.abc import Iterator
from typing import NamedTuple

from batchproof.upgrade.change import About, After, Change, Example, Kind, PlaceSeen
from batchproof.upgrade.fields import fields
from batchproof.upgrade.mapping import ALL, Map, Pair, filled, shape_roots, shared
from batchproof.upgrade.model import Direction, Shape
from batchproof.upgrade.outcomes import Outcome, Outcomes

_DIRECTIONS: dict[str, Direction] = {
    "response": "reads answers",
    "request": "writes requests",
    "query": "writes requests",
    "error": "parses errors",
    "event": "receives webhooks",
}
_ORDER: tuple[About, ...] = ("response", "request", "query", "error", "event")


class Seen(NamedTuple):
    """Where a schema file of the older contract is met."""

    name: str
    about: str
    at: str


class _Shape(NamedTuple):
    """A schema file with all that is known of it."""

    file: str
    about: About
    variants: list[str]
    seen: list[Seen]

    @property
    def stem(self) -> str:
        return self.file.rpartition("/")[2].removesuffix(".json")


def seen_at(mapped: Map) -> dict[str, list[Seen]]:
    """Where each schema file of the older contract that ``migration.yaml`` names is met, through all files that hold it."""
    apart = frozenset(mapped.migration.shapes)
    held = {file: _held(mapped, file, shape, apart) for file, shape in mapped.migration.shapes.items()}
    webhooks = mapped.older.manifest.webhooks
    events = webhooks.events if webhooks is not None else {}
    found: dict[str, list[Seen]] = {file: [] for file in apart}
    pending = [
        (root, Seen(name, about, events[name].at if name in events else ""))
        for root, places in shape_roots(mapped.older).items()
        for name, about in places
    ]
    while pending:
        file, seen = pending.pop()
        if seen not in found[file]:
            found[file].append(seen)
            pending += [(inner, seen._replace(at=seen.at + at)) for at, inner in held[file]]
    return {file: sorted(places) for file, places in found.items()}


def _held(mapped: Map, file: str, shape: Shape, apart: frozenset[str]) -> set[tuple[str, str]]:
    """The other named files that ``file`` holds, in any variant, and where."""
    return {
        (field.pointer, field.file)
        for variant in mapped.variants
        for field in fields(
            mapped.older.shapes,
            file,
            given={at: filled(mapped.migration, value, variant) for at, value in shape.given.items()},
            apart=apart - {file},
        ).values()
        if field.file in apart
    }


def shape_changes(mapped: Map) -> Iterator[Change]:
    """The changes of all shapes that a user meets."""
    places = seen_at(mapped)
    for file in mapped.migration.shapes:
        pairs = [pair for pair in mapped.pairs if pair.older_file == file]
        if pairs and places[file]:
            about = next(one for one in _ORDER if any(seen.about == one for seen in places[file]))
            shape = _Shape(file, about, [pair.variant for pair in pairs], places[file])
            yield from _of_shape(mapped, shape, pairs)


def _of_shape(mapped: Map, shape: _Shape, pairs: list[Pair]) -> Iterator[Change]:
    found: dict[tuple[str, Kind], dict[Outcome, list[str]]] = {}
    examples: dict[tuple[str, Outcome], Example | None] = {}
    for pair in pairs:
        for at, outcome, example in Outcomes(mapped, pair, shape.about).all():
            found.setdefault((at, outcome.kind), {}).setdefault(outcome, []).append(pair.variant)
            examples.setdefault((at, outcome), example)
    for (at, _), outcomes in found.items():
        alike: dict[tuple[object, ...], dict[Outcome, list[str]]] = {}
        for outcome, variants in outcomes.items():
            key = (outcome.grade, outcome.silent, outcome.at is None)
            alike.setdefault(key, {})[outcome] = variants
        for group in alike.values():
            first = next(iter(group))
            shown = examples[at, first] if first.grade == "breaking" else None
            yield _change(mapped, shape, at, group, shown)


def _change(
    mapped: Map, shape: _Shape, at: str, group: dict[Outcome, list[str]], example: Example | None
) -> Change:
    first = next(iter(group))
    named = [variant for variants in group.values() for variant in variants]
    limited = "" if set(named) == set(shape.variants) else "@" + "+".join(named)
    added = first.kind == "added"
    return Change(
        id=f"{shape.stem}{at.replace('/', '.')}.{first.kind}{limited}",
        about=shape.about,
        kind=first.kind,
        directions=sorted({_DIRECTIONS[seen.about] for seen in shape.seen}),
        grade=first.grade,
        silent=first.silent,
        what=_what(mapped, at, group),
        reason=first.reason,
        before=None if added else at or "/",
        after=_after(mapped, group),
        details=list(dict.fromkeys(described for outcome in group for described in outcome.details)),
        places=[PlaceSeen(name=seen.name, at=seen.at + ("" if added else at)) for seen in shape.seen],
        example=example,
    )


def _after(mapped: Map, group: dict[Outcome, list[str]]) -> list[After]:
    """Where it is now, with the variants only where they are not all there are."""
    found: dict[tuple[str | None, str | None], list[str]] = {}
    for outcome, variants in group.items():
        found.setdefault((outcome.at, outcome.note), []).extend(variants)
    return [
        After(
            variants=[] if set(variants) == set(mapped.variants) else [one for one in variants if one != ALL],
            at=at,
            note=note,
        )
        for (at, note), variants in found.items()
    ]


def _what(mapped: Map, at: str, group: dict[Outcome, list[str]]) -> str:
    first = next(iter(group))
    targets = [outcome.at or "" for outcome in group]
    if len(set(targets)) > 1:
        targets = [shared(mapped, outcome.at or "", variants[0]) for outcome, variants in group.items()]
    now = " or ".join(dict.fromkeys(target or "the body itself" for target in targets))
    match first.kind:
        case "renamed" | "moved":
            return f"{at} is {now} now"
        case "outside":
            return f"{at} is elsewhere now"
        case "removed":
            return f"{at} is gone"
        case "added":
            return f"{now} is new"
        case _:
            return f"{at or 'the body'}: {'; '.join(dict.fromkeys(described for outcome in group for described in outcome.details))}"
