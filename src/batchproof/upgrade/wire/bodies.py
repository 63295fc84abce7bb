"""How the fields of two answers differ that stand side by side."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from batchproof.upgrade.change import About
from batchproof.upgrade.fields import ANY, Field
from batchproof.upgrade.mapping import Map, filled, shared
from batchproof.upgrade.model import Sight
from batchproof.upgrade.wire.observation import Seen
from batchproof.upgrade.wire.paper import Paper
from batchproof.upgrade.wire.positions import ABSENT, Layout, Position, Reading

_GONE = ("removed", "outside")
_MOVED = ("renamed", "moved")
_NULL = "null"
_SHORT = 60


class Sides(NamedTuple):
    """Answers that show the same, those of the older version and those of the newer one."""

    older: list[Reading]
    newer: list[Reading]


class _Found(NamedTuple):
    """A difference at a place, and what is said of it."""

    kind: Sight
    before: str
    after: str
    known: tuple[str, ...]
    documented: bool
    open: bool = False


class Bodies(NamedTuple):
    """Compares answers of one layout. ``left_alone`` are places that are compared elsewhere: ids and statuses."""

    mapped: Map
    variant: str
    paper: Paper
    layout: Layout
    about: About
    left_alone: frozenset[str]

    def differences(self, sides: Sides, operation: str, exchanges: tuple[str, str]) -> Iterator[Seen]:
        """Every difference of a field."""
        for position in self.layout.positions.values():
            if position.pattern in self.left_alone:
                continue
            for found in self._at(position, sides):
                known = found.known or self.paper.stated(position.subject, found.kind)
                yield Seen(
                    subject=position.subject,
                    about=self.about,
                    kind=found.kind,
                    before=found.before,
                    after=found.after,
                    operation=operation,
                    exchanges=exchanges,
                    known=known,
                    documented=found.documented,
                    place=position.target or "",
                    open=found.open and not known,
                )
        yield from self._additions(sides, operation, exchanges)

    def _at(self, position: Position, sides: Sides) -> Iterator[_Found]:
        older = _states(sides.older, position.pattern)
        if not older:
            return
        if position.target is None:
            yield from self._gone(position, sides, older)
            return
        newer = _states(sides.newer, position.target)
        if not newer:
            return
        if _is_moved(position) and _there(older) and _there(newer):
            known = self.paper.at(position.subject, _MOVED)
            yield _Found("moved", position.pattern, position.target, known, documented=True)
        kind = _differs(older, newer)
        if kind is not None:
            known, documented = self._known(position, kind, newer)
            left_open = _allows(position.older, older | newer) and _allows(position.newer, older | newer)
            yield _Found(kind, _described(older), _described(newer), known, documented, left_open)
        elif _there(older) and _there(newer):
            yield from self._values(position, sides)

    def _gone(self, position: Position, sides: Sides, older: set[str]) -> Iterator[_Found]:
        """A field that the paper takes away; only the uppermost one of those that go together is told of."""
        above = self.layout.positions.get(position.pattern.rpartition("/")[0])
        if above is None or above.target is None or not _there(older):
            return
        name = position.pattern.rpartition("/")[2]
        newer = _states(sides.newer, f"{above.target}/{name}")
        if newer == {ABSENT}:
            yield _Found(
                "absent", _described(older), ABSENT, self.paper.at(position.subject, _GONE), documented=True
            )

    def _known(self, position: Position, kind: Sight, newer_states: set[str]) -> tuple[tuple[str, ...], bool]:
        """The changes on paper that say so, and whether the newer contract does where the older one does not."""
        older, newer = position.older, position.newer
        if newer is None:
            return (), False
        says = {
            "nulled": newer.nullable and not older.nullable,
            "unset": newer.nullable and newer.required and not older.required,
            "absent": older.required and not newer.required,
            "omitted": older.required and not newer.required,
            "present": newer.required and not older.required,
            "filled": older.nullable and not newer.nullable,
            "type": bool(newer.types)
            and (newer_states - {ABSENT, _NULL}) <= _wide(newer)
            and not _fits(older, newer_states),
        }.get(kind, False)
        if not says:
            return (), False
        kinds = {
            "nulled": ("null", *_MOVED),
            "unset": ("null", "required", *_MOVED),
            "absent": ("optional",),
            "omitted": ("optional",),
            "present": ("required", *_MOVED),
            "filled": ("null", *_MOVED),
            "type": ("retyped", *_MOVED),
        }[kind]
        return self.paper.at(position.subject, kinds), True

    def _values(self, position: Position, sides: Sides) -> Iterator[_Found]:
        """Values of which the documentation lists all: where neither side has one of the other, it is another one now."""
        if position.older.values is None and (position.newer is None or position.newer.values is None):
            return
        renamed = {
            old: filled(self.mapped.migration, new, self.variant)
            for old, new in position.pair.shape.values.get(position.at, {}).items()
        }
        older = _texts(sides.older, position.pattern)
        newer = _texts(sides.newer, position.target or "")
        if not older or not newer or older & newer:
            return
        known: tuple[str, ...] = ()
        if newer <= {renamed.get(value, value) for value in older}:
            known = self.paper.at(position.subject, ("value_renamed", *_MOVED))
            documented = True
        else:
            listed = {str(value) for value in (position.newer and position.newer.values) or ()}
            before = {str(value) for value in position.older.values or ()}
            documented = newer <= listed - before - set(renamed.values())
            known = self.paper.at(position.subject, ("values_added",)) if documented else ()
        yield _Found("value", _described(older), _described(newer), known, documented)

    def _additions(self, sides: Sides, operation: str, exchanges: tuple[str, str]) -> Iterator[Seen]:
        """Properties of newer answers that are what no property of the older ones was."""
        targets = self.layout.targets
        # what is new has only new properties: it is told of as a whole
        holders = {at.rpartition("/")[0] for at in targets if at}
        for holder in sorted(holders):
            before = targets.get(holder)
            if f"{holder}/{ANY}" in self.layout.newer or (before is not None and _is_partial(before)):
                continue
            same = {name for side in sides.older for name in side.names(before.pattern)} if before else set()
            found = [side.names(holder) for side in sides.newer]
            if not found:
                continue
            for name in sorted(set.intersection(*found) - same):
                at = f"{holder}/{name}"
                if at in targets or any(target.startswith(f"{at}/") for target in targets):
                    continue
                field = self.layout.newer.get(at)
                yield Seen(
                    subject=self._new_subject(at),
                    about=self.about,
                    kind="new",
                    before=ABSENT,
                    after=_described(_states(sides.newer, at)),
                    operation=operation,
                    exchanges=exchanges,
                    known=self._added(at),
                    documented=field is not None,
                    place=at,
                )

    def _nearest(self, at: str) -> tuple[Position | None, str]:
        """The position of the older schema file that holds ``at`` now, and the place in what took its place."""
        roots: dict[str, Position] = {}
        for item in self.layout.positions.values():
            if item.target is None or not at.startswith(f"{item.target}/"):
                continue
            inside = item.target + item.pair.fates[""].text
            if not item.at or item.older.file is not None:
                roots[inside] = item
        if not roots:
            return None, at
        best = max(roots, key=len)
        return roots[best], at[len(best) :]

    def _new_subject(self, at: str) -> str:
        holder, inside = self._nearest(at)
        if holder is None:
            return at.replace("/", ".").strip(".")
        file = holder.older.file if holder.at else holder.pair.older_file
        stem = (file or "").rpartition("/")[2].removesuffix(".json")
        return stem + shared(self.mapped, inside, self.variant).replace("/", ".")

    def _added(self, at: str) -> tuple[str, ...]:
        found = self.paper.at(self._new_subject(at), ("added",))
        while not found and at:
            at = at.rpartition("/")[0]
            found = self.paper.at(self._new_subject(at), ("added",)) if at else ()
        return found


def _states(side: Iterable[Reading], pattern: str) -> set[str]:
    return set().union(*(reading.states(pattern) for reading in side))


def _texts(side: Iterable[Reading], pattern: str) -> set[str]:
    return {value for reading in side for value in reading.found(pattern) if isinstance(value, str)}


def _there(states: set[str]) -> bool:
    return bool(states - {ABSENT})


def _is_moved(position: Position) -> bool:
    """Whether the field has another name now, or stands elsewhere than where its holder has gone."""
    above, _, name = position.at.rpartition("/")
    if not position.at or name == ANY:
        return False
    return position.fate.text != f"{position.pair.target(above) or ''}/{name}"


def _allows(field: Field | None, states: set[str]) -> bool:
    """Whether a contract lets all of that stand at the place: no code may count on one of it."""
    if field is None or (ABSENT in states and field.required) or (_NULL in states and not field.nullable):
        return False
    return _fits(field, states)


def _is_partial(position: Position) -> bool:
    """Whether the field is one that the older contract does not spell out, or stands below one: whoever set it up decides."""
    partial = position.pair.shape.partial
    return any(position.at == at or position.at.startswith(f"{at}/") for at in partial)


def _differs(older: set[str], newer: set[str]) -> Sight | None:
    """How ``newer`` differs from ``older``, where they have nothing in common."""
    if older & newer:
        return None
    if newer == {ABSENT}:
        return "omitted" if older == {_NULL} else "absent"
    if newer == {_NULL}:
        return "unset" if older == {ABSENT} else "nulled"
    if older <= {ABSENT}:
        return "present"
    if older <= {ABSENT, _NULL}:
        return "filled"
    return "type"


def _wide(field: Field) -> frozenset[str]:
    return field.types | ({"number"} if "integer" in field.types else set())


def _fits(field: Field, states: set[str]) -> bool:
    return not field.types or (states - {ABSENT, _NULL}) <= _wide(field)


def _described(values: Iterable[str]) -> str:
    described = " or ".join(sorted(values))
    return described if len(described) <= _SHORT else f"{described[: _SHORT - 1]}…"
