"""Changes of shapes: what became of each field of the older contract, and which fields are new."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from batchproof.upgrade.change import About, After, Change, Example, Kind, PlaceSeen
from batchproof.upgrade.differences import Difference, differences
from batchproof.upgrade.examples import nested, sample
from batchproof.upgrade.fields import ANY, Field, fields
from batchproof.upgrade.mapping import ALL, Map, Pair, filled, shape_roots
from batchproof.upgrade.model import Direction, Grade, Shape

_DIRECTIONS: dict[str, Direction] = {
    "response": "reads answers",
    "request": "writes requests",
    "query": "writes requests",
    "error": "parses errors",
    "event": "receives webhooks",
}
_ORDER: tuple[About, ...] = ("response", "request", "query", "error", "event")
_SENT = frozenset({"request", "query"})
_OLD_NAME = "the old name still stands there, and means something else"


class Seen(NamedTuple):
    """Where a schema file of the older contract is met."""

    name: str
    about: str
    at: str


class _Outcome(NamedTuple):
    """What became of one field in one variant."""

    kind: Kind
    grade: Grade
    silent: bool
    reason: str
    details: tuple[str, ...]
    at: str | None
    note: str | None


_Found = tuple[str, _Outcome, Example | None]


def seen_at(mapped: Map) -> dict[str, list[Seen]]:
    """Where each schema file of the older contract that ``migration.yaml`` names is met, through all files that hold it."""
    apart = frozenset(mapped.migration.shapes)
    held = {file: _held(mapped, file, shape, apart) for file, shape in mapped.migration.shapes.items()}
    webhooks = mapped.older.manifest.webhooks
    found: dict[str, list[Seen]] = {file: [] for file in apart}
    pending = [
        (
            root,
            Seen(name, about, webhooks.events[name].at if webhooks and name in webhooks.events else ""),
        )
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
            given={at: filled(mapped, value, variant) for at, value in shape.given.items()},
            apart=apart - {file},
        ).values()
        if field.file in apart
    }


def shape_changes(mapped: Map) -> Iterator[Change]:
    """The changes of all shapes. Variants in which the same became of a field share one change."""
    places = seen_at(mapped)
    for file in mapped.migration.shapes:
        pairs = [pair for pair in mapped.pairs if pair.older_file == file]
        if not pairs or not places[file]:
            continue
        about = next(one for one in _ORDER if any(seen.about == one for seen in places[file]))
        found: dict[tuple[str, Kind], dict[_Outcome, list[str]]] = {}
        examples: dict[tuple[str, _Outcome], Example | None] = {}
        for pair in pairs:
            for at, outcome, example in _outcomes(mapped, pair, sent=about in _SENT, query=about == "query"):
                group = found.setdefault((at, outcome.kind), {})
                group.setdefault(outcome, []).append(pair.variant)
                examples.setdefault((at, outcome), example)
        for (at, kind), group in found.items():
            for change in _grouped(mapped, file, about, at, kind, group, pairs, places[file]):
                first = next(one for one in group if one.reason == change.reason)
                shown = examples[at, first] if change.grade == "breaking" else None
                yield msgspec.structs.replace(change, example=shown)


def _grouped(
    mapped: Map,
    file: str,
    about: About,
    at: str,
    kind: Kind,
    group: dict[_Outcome, list[str]],
    pairs: list[Pair],
    places: list[Seen],
) -> Iterator[Change]:
    alike: dict[tuple[object, ...], list[tuple[_Outcome, list[str]]]] = {}
    for outcome, variants in group.items():
        key = (outcome.grade, outcome.silent, outcome.reason)
        alike.setdefault(key, []).append((outcome, variants))
    everywhere = {pair.variant for pair in pairs}
    stem = file.rpartition("/")[2].removesuffix(".json")
    for outcomes in alike.values():
        first = outcomes[0][0]
        named = [variant for _, variants in outcomes for variant in variants]
        limited = "" if set(named) == everywhere else "@" + "+".join(named)
        added = kind == "added"
        yield Change(
            id=f"{stem}{at.replace('/', '.')}.{kind}{limited}",
            about=about,
            kind=kind,
            directions=sorted({_DIRECTIONS[seen.about] for seen in places}),
            grade=first.grade,
            silent=first.silent,
            what=_what(kind, at, first),
            reason=first.reason,
            before=None if added else at or "/",
            after=_after(mapped, outcomes, everywhere),
            details=list(dict.fromkeys(told for outcome, _ in outcomes for told in outcome.details)),
            places=[PlaceSeen(name=seen.name, at=seen.at + ("" if added else at)) for seen in places],
        )


def _after(mapped: Map, outcomes: list[tuple[_Outcome, list[str]]], everywhere: set[str]) -> list[After]:
    found: dict[tuple[str | None, str | None], list[str]] = {}
    for outcome, variants in outcomes:
        found.setdefault((outcome.at, outcome.note), []).extend(variants)
    every = everywhere == set(mapped.variants)
    return [
        After(
            variants=[] if every and set(variants) == everywhere else [one for one in variants if one != ALL],
            at=at,
            note=note,
        )
        for (at, note), variants in found.items()
    ]


def _what(kind: Kind, at: str, outcome: _Outcome) -> str:
    match kind:
        case "renamed" | "moved":
            return f"{at} is {outcome.at or 'the body itself'} now"
        case "outside":
            return f"{at} is elsewhere now"
        case "removed":
            return f"{at} is gone"
        case "added":
            return f"{at} is new"
        case _:
            return f"{at or 'the body'}: {'; '.join(outcome.details)}"


def _outcomes(mapped: Map, pair: Pair, *, sent: bool, query: bool) -> Iterator[_Found]:
    for at, older in pair.older.items():
        fate = pair.fates[at]
        note = pair.shape.notes.get(at)
        note = None if note is None else filled(mapped, note, pair.variant)
        if fate.kind in ("gone", "outside"):
            if not _with_its_parent(pair, at):
                yield at, *_missing(pair, older, fate.kind, fate.text, sent=sent, query=query)
        elif fate.kind == "to":
            newer = pair.newer[fate.text]
            renamed = {
                old: filled(mapped, new, pair.variant) for old, new in pair.shape.values.get(at, {}).items()
            }
            found = list(differences(older, newer, renamed, sent=sent))
            if _moves(pair, at):
                yield at, *_moved(pair, older, newer, found, note, sent=sent, query=query)
            elif not _moved_with_parent(pair, at) or older.name != ANY:
                for difference in found:
                    yield at, *_differs(difference, older, newer, note, renamed)
    yield from _additions(mapped, pair, sent=sent)


def _with_its_parent(pair: Pair, at: str) -> bool:
    """Whether what holds the field is gone as well: then that is the change."""
    above = pair.fates.get(at.rpartition("/")[0])
    return above is not None and above.kind in ("gone", "outside")


def _moves(pair: Pair, at: str) -> bool:
    """Whether the field stands elsewhere than where its parent has gone."""
    if not at:
        return False
    above, _, name = at.rpartition("/")
    target, parent = pair.target(at), pair.target(above)
    return target != f"{parent or ''}/{name}" and not _moved_with_parent(pair, at)


def _moved_with_parent(pair: Pair, at: str) -> bool:
    """Whether the elements of an array are what the array itself has become."""
    above, _, name = at.rpartition("/")
    return name == ANY and pair.target(at) == pair.target(above)


def _missing(
    pair: Pair, older: Field, fate: str, note: str, *, sent: bool, query: bool
) -> tuple[_Outcome, Example]:
    silent = query or (sent and not older.required)
    outcome = _Outcome(
        kind="removed" if fate == "gone" else "outside",
        grade="breaking",
        silent=silent,
        reason=_unknown(query=query, silent=silent)
        if sent
        else "to take a property away is on no list of compatible changes",
        details=(),
        at=None,
        note=note,
    )
    return outcome, Example(before=nested(older.pointer, sample(older), pair.older), after=None)


def _unknown(*, query: bool, silent: bool) -> str:
    if query:
        return "a parameter that is not known is dropped: the request is answered as if it were not there"
    if silent:
        return "nothing says that a property that is not known is refused: it may be dropped"
    return "the request lacks what is required"


def _moved(
    pair: Pair,
    older: Field,
    newer: Field,
    found: list[Difference],
    note: str | None,
    *,
    sent: bool,
    query: bool,
) -> tuple[_Outcome, Example]:
    parent = pair.target(older.parent) or ""
    stays = f"{parent}/{older.name}"
    ambiguous = not sent and stays in pair.newer and stays != newer.pointer
    silent = ambiguous or query or (sent and not older.required)
    reason = "to rename or move a property is on no list of compatible changes"
    if ambiguous:
        reason = f"{stays}: {_OLD_NAME}"
    elif sent:
        reason = _unknown(query=query, silent=silent)
    outcome = _Outcome(
        kind="renamed" if newer.pointer and newer.parent == parent else "moved",
        grade="breaking",
        silent=silent,
        reason=reason,
        details=tuple(one.told for one in found if one.grade != "compatible"),
        at=newer.pointer,
        note=note,
    )
    return outcome, Example(
        before=nested(older.pointer, sample(older), pair.older),
        after=nested(newer.pointer, sample(newer), pair.newer),
    )


def _differs(
    difference: Difference, older: Field, newer: Field, note: str | None, renamed: dict[str, str]
) -> tuple[_Outcome, Example]:
    before, after = sample(older), sample(newer)
    if difference.kind == "value_renamed":
        before, after = next(iter(renamed.items()))
    elif difference.kind == "null":
        before, after = (None, after) if older.nullable else (before, None)
    fragment = Example(
        before={older.name or "body": before},
        after=None if difference.kind == "optional" else {newer.name or "body": after},
    )
    outcome = _Outcome(
        kind=difference.kind,
        grade=difference.grade,
        silent=False,
        reason=difference.reason,
        details=(difference.told,),
        at=newer.pointer,
        note=note,
    )
    return outcome, fragment


def _additions(mapped: Map, pair: Pair, *, sent: bool) -> Iterator[_Found]:
    """Fields that no older field became, the topmost of each; a parent that something else became is not new."""
    taken = {fate.text for fate in pair.fates.values() if fate.kind == "to"}
    above_taken = {target[:index] for target in taken for index, letter in enumerate(target) if letter == "/"}
    elsewhere = {
        pair.target(at) for at, field in pair.older.items() if at and field.file in mapped.migration.shapes
    }
    partial = {pair.target(at) for at in pair.shape.partial if at in pair.older}
    allowed = mapped.migration.allowed.parameter if sent else mapped.migration.allowed.property
    for at, newer in pair.newer.items():
        if not at or at in taken or at in above_taken:
            continue
        parent = newer.parent
        if parent not in taken and parent not in above_taken:
            continue
        if any(
            below == at or at.startswith(f"{below}/") for below in (elsewhere | partial) if below is not None
        ):
            continue
        needed = sent and newer.required and _always(pair, parent)
        grade: Grade = "breaking" if needed else "compatible" if allowed else "risky"
        reason = "a request without it is refused"
        if not needed:
            reason = (
                f"the vendor counts it among its compatible changes ({allowed})"
                if allowed
                else "nothing says that an addition is compatible"
            )
        yield at, _Outcome("added", grade, False, reason, (), at, None), None


def _always(pair: Pair, at: str) -> bool:
    """Whether every request has what stands at ``at``."""
    while at:
        if not pair.newer[at].required:
            return False
        at = pair.newer[at].parent
    return True
