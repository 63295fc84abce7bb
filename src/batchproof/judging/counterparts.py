"""Counterparts: one object in two views, at rest in both, so that nothing explains that they disagree."""

from collections.abc import Iterator, Sequence

from batchproof.contract import Contract
from batchproof.judging.case import Case
from batchproof.judging.snapshots import Snapshot, Snapshots


def of_counterparts(contract: Contract, snapshots: Snapshots, resource: str) -> Iterator[Case]:
    """Looks that are not in detail (``row``) beside those in detail (``self``), both in the same terminal state.

    The last ones of both, and each other one beside the look in detail next to it. Where the looks in detail before and
    after it differ, somebody changed the object at rest, and which of them it has to equal is not known.
    """
    lifecycle = contract.manifest.resources[resource].lifecycle
    terminal = contract.manifest.lifecycles[lifecycle].terminal if lifecycle is not None else []
    for seen in snapshots.of(resource):
        details = _at_rest(seen, terminal, detail=True)
        rows = _at_rest(seen, terminal, detail=False)
        for row in rows:
            detail = details[-1] if row is rows[-1] and details else _beside(row, details)
            if detail is not None and detail.status == row.status:
                yield Case({"row": row.value, "self": detail.value}, (row.exchange, detail.exchange), row.at)


def _beside(row: Snapshot, details: Sequence[Snapshot]) -> Snapshot | None:
    """The look in detail after ``row``, else the one before it; None where these two differ."""
    before = next((item for item in reversed(details) if item.end <= row.start), None)
    after = next((item for item in details if item.start >= row.end), None)
    if before is not None and after is not None and before.value != after.value:
        return None
    return after or before


def _at_rest(seen: Sequence[Snapshot], terminal: Sequence[str], *, detail: bool) -> list[Snapshot]:
    return [item for item in seen if (item.view == "detail") is detail and item.status in terminal]
