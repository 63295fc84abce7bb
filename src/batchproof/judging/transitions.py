"""Transition coverage: which documented steps of the life cycles were seen. Told, and never judged."""

from collections import Counter
from collections.abc import Sequence

from batchproof.contract import Contract
from batchproof.contract.model import Lifecycle
from batchproof.contract.reach import reach
from batchproof.judging.results import EdgeSeen, LifecycleSeen
from batchproof.judging.snapshots import Snapshot, Snapshots


def transitions(contract: Contract, snapshots: Snapshots) -> list[LifecycleSeen]:
    """The steps that every life cycle documents, with the number of times each was seen.

    A step is two looks of which the first had ended before the second began, in different states, with none between.
    """
    steps: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in contract.manifest.lifecycles}
    for name, resource in contract.manifest.resources.items():
        if resource.lifecycle is not None:
            for seen in snapshots.of(name):
                steps[resource.lifecycle].update(_steps(seen))
    return [
        _lifecycle_seen(name, lifecycle, steps[name])
        for name, lifecycle in contract.manifest.lifecycles.items()
    ]


def _steps(seen: Sequence[Snapshot]) -> set[tuple[str, str]]:
    """The steps of one object; every step is taken once."""
    found: set[tuple[str, str]] = set()
    last: Snapshot | None = None
    for snapshot in seen:
        if snapshot.status is None or (last is not None and last.end > snapshot.start):
            continue
        if last is not None and last.status is not None and last.status != snapshot.status:
            found.add((last.status, snapshot.status))
        last = snapshot
    return found


def _lifecycle_seen(name: str, lifecycle: Lifecycle, steps: Counter[tuple[str, str]]) -> LifecycleSeen:
    documented = [(before, after) for before, afters in lifecycle.edges.items() for after in afters]
    after = reach(lifecycle).after
    longer = sorted(
        step for step in steps if step not in documented and step[1] in after.get(step[0], frozenset())
    )
    return LifecycleSeen(lifecycle=name, edges=_counted(documented, steps), longer=_counted(longer, steps))


def _counted(pairs: Sequence[tuple[str, str]], steps: Counter[tuple[str, str]]) -> list[EdgeSeen]:
    return [EdgeSeen(before=before, after=after, seen=steps[before, after]) for before, after in pairs]
