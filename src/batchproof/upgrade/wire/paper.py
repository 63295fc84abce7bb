"""What the changes on paper say of a difference that was observed."""

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from batchproof.upgrade.change import Change, Upgrade
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Sight


class Paper:
    """The changes on paper, for one variant."""

    def __init__(self, mapped: Map, described: Upgrade, variant: str) -> None:
        self._mapped = mapped
        self._variant = variant
        self._changes: dict[str, list[Change]] = {}
        for change in described.changes:
            self._changes.setdefault(change.id.partition("@")[0], []).append(change)

    def at(self, subject: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """The ids of the changes of ``kinds`` of a field or a status, as far as they hold for the variant."""
        return tuple(
            change.id
            for kind in kinds
            for change in self._changes.get(f"{subject}.{kind}", ())
            if self._holds(change.id)
        )

    def named(self, *names: str) -> tuple[str, ...]:
        """Those of ``names`` that are ids of changes."""
        return tuple(
            change.id for name in names for change in self._changes.get(name, ()) if self._holds(change.id)
        )

    def details(self, identifier: str) -> Collection[str]:
        """What else has changed with a field, in the words of its change."""
        found = self._changes.get(identifier.partition("@")[0], ())
        return [detail for change in found if change.id == identifier for detail in change.details]

    def stated(self, subject: str, kind: Sight) -> tuple[str, ...]:
        """The changes that ``migration.yaml`` states, and of which it says that they are seen so."""
        return tuple(
            f"stated.{change.name}"
            for change in self._mapped.migration.changes
            if any(fnmatchcase(subject, pattern) for pattern in change.seen.get(kind, ()))
        )

    def _holds(self, identifier: str) -> bool:
        limits = identifier.partition("@")[2]
        return not limits or self._variant in limits.split("+")
