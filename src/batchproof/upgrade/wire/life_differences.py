"""How the lives of objects differ that the two runs made: the first status, those on the way, and the end."""

from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Sight
from batchproof.upgrade.wire.lives import Life, lives
from batchproof.upgrade.wire.observation import Seen
from batchproof.upgrade.wire.paper import Paper

_CHANGES: dict[Sight, tuple[str, ...]] = {
    "state-skipped": ("removed", "renamed"),
    "state-new": ("added",),
    "first-state": ("added",),
}

Pair = tuple[Life, Life]


def life_differences(
    mapped: Map, variant: str, paper: Paper, older: History, newer: History
) -> Iterator[Seen]:
    """Differences between the objects that stand side by side, and statuses that never show under one version."""
    by_cycle: dict[str, list[Pair]] = {}
    before, after = lives(mapped.older, older), lives(mapped.newer, newer)
    for key, made in before.items():
        for one, two in zip(made, after.get(key, ()), strict=False):
            if mapped.operations(one.operation).get(variant) == two.operation:
                cycle = _cycle(mapped.older, one)
                names = mapped.migration.lifecycles[cycle].renamed
                by_cycle.setdefault(cycle, []).append((one.renamed(names), two))
    for cycle, pairs in by_cycle.items():
        newest = mapped.newer.resources[pairs[0][1].resource].lifecycle
        ends = newest.terminal if newest is not None else ()
        yield from _ends_of(paper, cycle, frozenset(ends), pairs)
        yield from _on_the_way(paper, cycle, frozenset(ends), pairs)


def _ends_of(paper: Paper, cycle: str, ends: frozenset[str], pairs: list[Pair]) -> Iterator[Seen]:
    for one, two in pairs:
        if one.first != two.first:
            yield _seen(paper, cycle, "first-state", two.first, (one.first, two.first), (one, two))
        if one.last in ends and two.last in ends and one.last != two.last:
            yield _seen(paper, cycle, "end", two.last, (one.last, two.last), (one, two))


def _on_the_way(paper: Paper, cycle: str, ends: frozenset[str], pairs: list[Pair]) -> Iterator[Seen]:
    """Statuses of the one version that the other never shows, where somebody looked often enough to see them."""
    was = frozenset[str]().union(*(one.statuses for one, _ in pairs))
    now = frozenset[str]().union(*(two.statuses for _, two in pairs))
    for one, two in pairs:
        for status in sorted((one.statuses - now - ends) if two.last in ends else ()):
            if two.longest_gap < one.lasted(status):
                yield _seen(paper, cycle, "state-skipped", status, (status, "never"), (one, two))
        # that it is the first one now is told already
        for status in sorted((two.statuses - was - ends - {two.first}) if one.last in ends else ()):
            if one.longest_gap < two.lasted(status):
                yield _seen(paper, cycle, "state-new", status, ("never", status), (one, two))


def _seen(paper: Paper, cycle: str, kind: Sight, status: str, described: tuple[str, str], pair: Pair) -> Seen:
    subject = f"{cycle}.status.{status}"
    return Seen(
        subject=subject,
        about="status",
        kind=kind,
        before=described[0],
        after=described[1],
        operation=pair[0].operation,
        exchanges=(pair[0].created_by, pair[1].created_by),
        known=paper.at(subject, _CHANGES.get(kind, ())) or paper.stated(subject, kind),
    )


def _cycle(contract: Contract, life: Life) -> str:
    lifecycle = contract.resources[life.resource].lifecycle
    return lifecycle.name if lifecycle is not None else ""
