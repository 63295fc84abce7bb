"""How the lives of objects differ that the two runs made: the first status, those on the way, and the end."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Sight
from batchproof.upgrade.wire.observation import Seen
from batchproof.upgrade.wire.owned import shown
from batchproof.upgrade.wire.paper import Paper
from batchproof.upgrade.wire.steps import scenarios

_TWICE = 2


class Life(NamedTuple):
    """The statuses of an object, in the order in which they were seen, and the exchange that created it."""

    resource: str
    statuses: tuple[str, ...]
    operation: str
    created_by: str


def life_differences(
    mapped: Map, variant: str, paper: Paper, older: History, newer: History
) -> Iterator[Seen]:
    """Differences between the objects that stand side by side, and statuses that never show under one version."""
    before, after = _lives(mapped.older, older), _lives(mapped.newer, newer)
    renamed = {
        name: {**{status: status for status in life.kept}, **life.renamed}
        for name, life in mapped.migration.lifecycles.items()
    }
    pairs = [
        (
            one._replace(
                statuses=tuple(
                    renamed.get(_cycle(mapped.older, one), {}).get(each, each) for each in one.statuses
                )
            ),
            two,
        )
        for key, made in before.items()
        for one, two in zip(made, after.get(key, ()), strict=False)
        if mapped.operations(one.operation).get(variant) == two.operation
    ]
    for one, two in pairs:
        subject = _cycle(mapped.older, one)
        if one.statuses[0] != two.statuses[0]:
            yield _seen(paper, subject, "first-state", one.statuses[0], two.statuses[0], one, two)
        terminal = set(mapped.newer.manifest.lifecycles[_cycle(mapped.newer, two)].terminal)
        ends = one.statuses[-1], two.statuses[-1]
        if set(ends) <= terminal and ends[0] != ends[1]:
            yield _seen(paper, subject, "end", *ends, one, two)
    yield from _never(paper, mapped, pairs)


def _never(paper: Paper, mapped: Map, pairs: list[tuple[Life, Life]]) -> Iterator[Seen]:
    """Statuses on the way that many objects of the one version show, and none of the other."""
    by_cycle: dict[str, list[tuple[Life, Life]]] = defaultdict(list)
    for one, two in pairs:
        by_cycle[_cycle(mapped.older, one)].append((one, two))
    for cycle, each in by_cycle.items():
        was = Counter(status for one, _ in each for status in set(one.statuses))
        now = Counter(status for _, two in each for status in set(two.statuses))
        ends = set(mapped.older.manifest.lifecycles[cycle].terminal)
        kinds: tuple[tuple[Sight, Counter[str], Counter[str]], ...] = (
            ("state-skipped", was, now),
            ("state-new", now, was),
        )
        for kind, many, none in kinds:
            for status in sorted(set(many) - set(none) - ends):
                for one, two in each:
                    if status in (one if kind == "state-skipped" else two).statuses:
                        told = (status, "never") if kind == "state-skipped" else ("never", status)
                        yield _seen(paper, cycle, kind, *told, one, two, status=status)


def _seen(
    paper: Paper, cycle: str, kind: Sight, before: str, after: str, one: Life, two: Life, *, status: str = ""
) -> Seen:
    subject = f"{cycle}.status.{status or after}"
    changes = {
        "state-skipped": ("removed", "renamed"),
        "state-new": ("added",),
        "first-state": ("added",),
    }.get(kind, ())
    return Seen(
        subject=subject,
        about="status",
        kind=kind,
        before=before,
        after=after,
        operation=one.operation,
        exchanges=(one.created_by, two.created_by),
        known=paper.at(subject, changes) or paper.stated(subject, kind),
    )


def _cycle(contract: Contract, life: Life) -> str:
    return contract.manifest.resources[life.resource].lifecycle or ""


def _lives(contract: Contract, history: History) -> dict[tuple[str, int], list[Life]]:
    """The lives of what each scenario created, of each creation those of all objects that its answer shows."""
    found: dict[tuple[str, int], list[Life]] = {}
    for scenario, exchanges in scenarios(history).items():
        lives: dict[str, Life] = {}
        number = 0
        for exchange in exchanges:
            operation = contract.manifest.operations.get(exchange.operation or "")
            if operation is None:
                continue
            objects = shown(contract, exchange)
            if operation.creates is not None and objects:
                number += 1
            for identifier, resource, status in objects:
                if status is None or not contract.manifest.resources[resource].lifecycle:
                    continue
                if operation.creates is not None and identifier not in lives:
                    lives[identifier] = Life(resource, (status,), exchange.operation or "", exchange.id)
                    found.setdefault((scenario, number), []).append(lives[identifier])
                elif (
                    identifier in lives
                    and lives[identifier].statuses[-1] != status
                    and operation.pages is None
                ):
                    life = lives[identifier]
                    longer = life._replace(statuses=(*life.statuses, status))
                    lives[identifier] = longer
                    for made in found.values():
                        made[:] = [longer if item is life else item for item in made]
    return found
