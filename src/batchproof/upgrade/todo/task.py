"""What is known of one thing to do beyond its words, so that newer traffic can be asked whether it was done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from batchproof.upgrade.change import After
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.todo.carrying import Carrier
from batchproof.upgrade.todo.completing import Completer
from batchproof.upgrade.todo.model import Item
from batchproof.upgrade.todo.paper import Paper
from batchproof.upgrade.todo.using import Usage

BODY = "the body itself"


class Task(NamedTuple):
    """An item; ``targets`` are the newer operations or events by variant.

    ``at`` is what the item is about in the older version, ``landings`` where that is in the newer one, by variant.
    """

    item: Item
    targets: Mapping[str, str] = {}
    at: str = ""
    landings: Mapping[str, str | None] = {}


class Context(NamedTuple):
    """All that the list is made from. ``reads`` are pointers by operation or event, ``handles`` what their code knows."""

    mapped: Map
    paper: Paper
    usage: Usage
    reads: Mapping[str, Sequence[str]] | None
    handles: frozenset[str] | None
    carriers: Mapping[str, Carrier]
    completer: Completer

    def routes(self, names: Iterable[str], stated: str | None = None) -> list[str]:
        """The ways on which something about these operations and events has to be done."""
        names = list(names)
        return [
            route
            for route, described in self.mapped.migration.routes.items()
            if stated in described.holds or not names or any(name not in described.keeps for name in names)
        ]


def described(after: Sequence[After], *, empty: str = BODY) -> str:
    """The places in ``after`` in words, with the variants where they differ."""
    places = [(one.at or empty, one.variants) for one in after if one.at is not None]
    if len(after) == 1:
        return places[0][0] if places else ""
    return " or ".join(f"{at} ({', '.join(variants)})" for at, variants in places)


def notes_of(after: Sequence[After]) -> list[str]:
    """What else ``after`` says, with the variants where it differs."""
    return [
        f"{', '.join(one.variants)}: {one.note}" if one.variants and len(after) > 1 else one.note
        for one in after
        if one.note
    ]
