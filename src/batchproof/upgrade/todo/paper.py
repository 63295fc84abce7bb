"""The changes on paper, looked up by where a program meets them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from batchproof.upgrade.change import About, After, Change
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import GRADES, Grade
from batchproof.upgrade.todo.places import covers, same

_WORD = re.compile(r"\w+")
# what a reader of something below meets, too
_OF_HOLDERS = frozenset({"renamed", "moved", "removed", "outside", "retyped", "null", "optional"})


class Paper:
    """All changes between the two contracts that are not compatible."""

    def __init__(self, mapped: Map, changes: Sequence[Change]) -> None:
        self._mapped = mapped
        self.changes = [change for change in changes if change.grade != "compatible"]
        self._by_id = {change.id: change for change in changes}
        self._by_name: dict[str, list[Change]] = defaultdict(list)
        for change in self.changes:
            for name in dict.fromkeys(place.name for place in change.places):
                self._by_name[name].append(change)

    def get(self, identifier: str) -> Change | None:
        """The change with this id."""
        return self._by_id.get(identifier)

    def of(self, name: str, *abouts: About) -> Iterator[tuple[Change, str]]:
        """The changes that a user of ``name`` meets, each with the place of it."""
        for change in self._by_name.get(name, ()):
            if change.about in abouts:
                yield from ((change, place.at) for place in change.places if place.name == name)

    def at(self, name: str, at: str, variants: Sequence[str], *abouts: About) -> list[Change]:
        """The changes of the field ``at`` itself."""
        return [
            change
            for change, place in self.of(name, *abouts)
            if same(place, at) and self.concerns(change, variants)
        ]

    def on_the_way(self, name: str, at: str, variants: Sequence[str], *abouts: About) -> list[Change]:
        """The changes that who reads the field ``at`` meets: its own, and those of what holds it."""
        found = [
            change
            for change, place in self.of(name, *abouts)
            if covers(place, at)
            and (same(place, at) or change.kind in _OF_HOLDERS)
            and self.concerns(change, variants)
        ]
        return [change for number, change in enumerate(found) if change not in found[:number]]

    def concerns(self, change: Change, variants: Iterable[str]) -> bool:
        """Whether a change is one of any of these variants."""
        named = self.variants(change)
        return not named or not named.isdisjoint(variants)

    def variants(self, change: Change) -> set[str]:
        """The variants that a change is limited to; none where it holds for all."""
        limited = [after.variants for after in change.after]
        if not limited or not all(limited):
            return set()
        return {variant for variants in limited for variant in variants}

    def details(self, changes: Sequence[Change], variants: Sequence[str]) -> list[str]:
        """What else changes with a field, without what is said of variants that are not used."""
        own, others = set[str](), set[str]()
        for name, variant in self._mapped.migration.variants.items():
            (own if name in variants else others).update(variant.words.values())
        details = dict.fromkeys(detail for change in changes for detail in change.details)
        return [one for one in details if not (_words(one) & (others - own)) or _words(one) & own]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text))


class Weight(NamedTuple):
    """How bad something is that several changes make."""

    grade: Grade
    silent: bool
    reason: str


def weigh(changes: Sequence[Change]) -> Weight:
    """The worst of ``changes``, which are not empty."""
    worst = min(changes, key=lambda change: change.rank)
    grade = min((change.grade for change in changes), key=GRADES.index)
    return Weight(grade, any(change.silent for change in changes), worst.reason)


def by_variant(
    variants: Sequence[str], used: Sequence[str], described: dict[str, tuple[str | None, str | None]]
) -> list[After]:
    """What stands there now, those variants together that have the same; ``variants`` are all that there are."""
    groups: dict[tuple[str | None, str | None], list[str]] = {}
    for variant in used:
        if variant in described:
            groups.setdefault(described[variant], []).append(variant)
    alone = len(variants) < 2
    return [
        After(variants=[] if alone or set(group) == set(variants) else group, at=at, note=note)
        for (at, note), group in groups.items()
    ]
