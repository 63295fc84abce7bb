"""What became of each field of one shape, for one variant, and what that does to who reads or writes it."""

from collections.abc import Iterator
from typing import NamedTuple

from batchproof.upgrade.afters import allowed_by
from batchproof.upgrade.change import About, Example, Kind
from batchproof.upgrade.differences import Difference, differences
from batchproof.upgrade.examples import misfit, nested, sample, samples
from batchproof.upgrade.fields import ANY, Field
from batchproof.upgrade.mapping import Map, Pair, filled, shared
from batchproof.upgrade.model import Grade
from batchproof.upgrade.requests import Requests

_SENT = frozenset({"request", "query"})


class Outcome(NamedTuple):
    """What became of one field in one variant. ``at`` is where it is now, ``note`` what ``migration.yaml`` says of it."""

    kind: Kind
    grade: Grade
    silent: bool
    reason: str
    details: tuple[str, ...]
    at: str | None
    note: str | None


Found = tuple[str, Outcome, Example | None]


class Outcomes:
    """The outcomes of one pair of shapes."""

    def __init__(self, mapped: Map, pair: Pair, about: About) -> None:
        self._mapped = mapped
        self._pair = pair
        self._sent = about in _SENT
        self._query = about == "query"
        self._requests = Requests(mapped, pair) if self._sent else None

    def all(self) -> Iterator[Found]:
        """Every outcome that is a change, with the field by its older pointer; new fields by one that all variants share."""
        for at, older in self._pair.older.items():
            for _, outcome, example in self._of(older):
                grade = self._pair.shape.grades.get(at, outcome.grade)
                silent = outcome.silent and grade != "compatible"
                yield at, outcome._replace(grade=grade, silent=silent), example
        yield from self._additions()

    def _of(self, older: Field) -> Iterator[Found]:
        at = older.pointer
        fate = self._pair.fates[at]
        if fate.kind in ("gone", "outside"):
            if not self._gone_with_parent(at):
                yield at, *self._missing(older, fate.kind, fate.text)
        elif fate.kind == "to":
            yield from self._kept_or_moved(older, self._pair.newer[fate.text])

    def _kept_or_moved(self, older: Field, newer: Field) -> Iterator[Found]:
        at = older.pointer
        renamed = {
            old: filled(self._mapped.migration, new, self._pair.variant)
            for old, new in self._pair.shape.values.get(at, {}).items()
        }
        found = list(differences(older, newer, renamed, sent=self._sent))
        if self._moves(at):
            yield at, *self._moved(older, newer, found)
        elif not self._same_as_parent(at):
            for difference in found:
                yield at, *self._differs(difference, older, newer, renamed)

    def _note(self, at: str) -> str | None:
        note = self._pair.shape.notes.get(at)
        return None if note is None else filled(self._mapped.migration, note, self._pair.variant)

    def _gone_with_parent(self, at: str) -> bool:
        above = self._pair.fates.get(at.rpartition("/")[0])
        return above is not None and above.kind in ("gone", "outside")

    def _moves(self, at: str) -> bool:
        """Whether the field stands elsewhere than where its parent has gone."""
        above, _, name = at.rpartition("/")
        moved = self._pair.target(at) != f"{self._pair.target(above) or ''}/{name}"
        return bool(at) and moved and not self._same_as_parent(at)

    def _same_as_parent(self, at: str) -> bool:
        """Whether the elements of an array are what the array itself has become."""
        above, _, name = at.rpartition("/")
        return name == ANY and self._pair.target(at) == self._pair.target(above)

    def _silently(self, at: str) -> bool:
        """Whether a request in which this one field was forgotten is accepted all the same."""
        return self._requests is not None and self._requests.accepted_without(at)

    def _example(self, older: Field, newer: Field | None) -> Example:
        if self._requests is not None:
            body = self._requests.smallest(older.pointer)
            if body is not None:
                changed = self._requests.changed(body)
                # what is gone without anything in its place leaves a request that is refused
                return Example(
                    before=body, after=changed if newer or self._requests.accepts(changed) else None
                )
        before = nested(older.pointer, sample(older), self._pair.older)
        if newer is None:
            return Example(before=before, after=None)
        shapes, file = self._mapped.newer.shapes, self._pair.newer_file
        pieces = [nested(newer.pointer, value, self._pair.newer) for value in samples(newer)]
        fitting = (one for one in pieces if misfit(shapes, file, one, whole=False) is None)
        return Example(before=before, after=next(fitting, pieces[0]))

    def _refusal(self, *, silent: bool) -> str:
        if self._query:
            return "a parameter that is not known is dropped: the list is answered as if it were not there"
        if silent:
            return "a request that still has it may be accepted, as if it were not there"
        return "a request that still has it lacks what is required now"

    def _missing(self, older: Field, fate: str, note: str) -> tuple[Outcome, Example]:
        silent = self._silently(older.pointer)
        reason = "to take a property away is on no list of compatible changes"
        outcome = Outcome(
            kind="removed" if fate == "gone" else "outside",
            grade="breaking",
            silent=silent,
            reason=self._refusal(silent=silent) if self._sent else reason,
            details=(),
            at=None,
            note=note,
        )
        return outcome, self._example(older, None)

    def _moved(self, older: Field, newer: Field, found: list[Difference]) -> tuple[Outcome, Example]:
        parent = self._pair.target(older.parent) or ""
        stays = f"{parent}/{older.name}"
        other = stays in self._pair.newer and stays != newer.pointer
        silent = self._silently(older.pointer) if self._sent else other
        reason = "to rename or move a property is on no list of compatible changes"
        if other:
            reason = f"{stays} still stands there, and is something else"
        elif self._sent:
            reason = self._refusal(silent=silent)
        outcome = Outcome(
            kind="renamed" if newer.pointer and newer.parent == parent else "moved",
            grade="breaking",
            silent=silent,
            reason=reason,
            details=(
                *(one.described for one in found if one.grade != "compatible" and newer.pointer),
                *self._holders(newer, parent),
            ),
            at=newer.pointer,
            note=self._note(older.pointer),
        )
        return outcome, self._example(older, newer)

    def _holders(self, newer: Field, parent: str) -> Iterator[str]:
        """What else has to be known of a field that moved into another: whether that may be null."""
        holder = self._pair.newer[newer.parent] if newer.pointer else newer
        if holder.pointer != parent and holder.nullable and not self._sent:
            yield f"{holder.pointer} may be null"

    def _differs(
        self, difference: Difference, older: Field, newer: Field, renamed: dict[str, str]
    ) -> tuple[Outcome, Example]:
        before, after = sample(older), sample(newer)
        if difference.kind == "value_renamed":
            before, after = next(iter(renamed.items()))
        elif difference.kind == "null":
            before, after = (None, after) if older.nullable else (before, None)
        if difference.kind == "required":
            body = self._requests and self._requests.smallest_without(older.pointer)
            example = (
                Example(before=body, after=self._requests.changed(body))
                if self._requests and body
                else Example(before={}, after=nested(newer.pointer, after, self._pair.newer))
            )
        elif difference.kind == "optional":
            example = Example(before=nested(older.pointer, before, self._pair.older), after={})
        else:
            example = Example(
                before=nested(older.pointer, before, self._pair.older),
                after=nested(newer.pointer, after, self._pair.newer),
            )
        outcome = Outcome(
            kind=difference.kind,
            grade=difference.grade,
            silent=False,
            reason=difference.reason,
            details=(difference.described,),
            at=newer.pointer,
            note=self._note(older.pointer),
        )
        return outcome, example

    def _additions(self) -> Iterator[Found]:
        """Fields that no older field became, the topmost of each."""
        pair = self._pair
        taken = {fate.text for fate in pair.fates.values() if fate.kind == "to"}
        above = {target[:index] for target in taken for index, letter in enumerate(target) if letter == "/"}
        described_elsewhere = {
            pair.target(at)
            for at, field in pair.older.items()
            if at and (field.file in self._mapped.migration.shapes or at in pair.shape.partial)
        }
        for at, newer in pair.newer.items():
            old_name = at in pair.older and pair.fates[at].kind != "unspelled"
            if not at or at in taken or at in above or old_name or newer.parent not in taken | above:
                continue
            if not any(place is not None and at.startswith(f"{place}/") for place in described_elsewhere):
                yield shared(self._mapped, at, self._pair.variant), self._added(newer), None

    def _added(self, newer: Field) -> Outcome:
        allowed = self._mapped.migration.allowed
        row = allowed.parameter if self._sent else allowed.property
        if self._sent and self._always(newer.pointer):
            return Outcome(
                "added", "breaking", False, "a request without it is refused", (), newer.pointer, None
            )
        grade: Grade = "compatible" if row else "risky"
        return Outcome("added", grade, False, allowed_by(row), (), newer.pointer, None)

    def _always(self, at: str) -> bool:
        """Whether every request has what stands at ``at``."""
        field = self._pair.newer[at]
        return not at or (field.required and self._always(field.parent))
