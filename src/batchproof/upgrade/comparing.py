"""What changes from one contract to another: a pure function of both and of how one became the other."""

from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.upgrade.change import FORMAT, After, Change, Example, Upgrade
from batchproof.upgrade.delivery_changes import event_changes, header_changes
from batchproof.upgrade.loader import load_map
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import GRADES
from batchproof.upgrade.operation_changes import operation_changes
from batchproof.upgrade.shape_changes import shape_changes
from batchproof.upgrade.status_changes import status_changes


def upgrade(older: Contract, newer: Contract) -> Upgrade:
    """All changes from ``older`` to ``newer``, silent breaks first. Raises ``ContractError``."""
    mapped = load_map(older, newer)
    changes = sorted(
        [
            *operation_changes(mapped),
            *shape_changes(mapped),
            *header_changes(mapped),
            *status_changes(mapped),
            *event_changes(mapped),
            *_stated(mapped),
        ],
        key=lambda change: change.rank,
    )
    return Upgrade(
        format=FORMAT,
        older=older.id,
        newer=newer.id,
        variants={name: variant.about for name, variant in mapped.migration.variants.items()},
        routes={name: route.about for name, route in mapped.migration.routes.items()},
        totals={grade: sum(change.grade == grade for change in changes) for grade in GRADES},
        silent=sum(change.silent for change in changes),
        changes=changes,
    )


def _stated(mapped: Map) -> Iterator[Change]:
    for stated in mapped.migration.changes:
        yield Change(
            id=f"stated.{stated.name}",
            about=stated.about,
            kind="stated",
            directions=list(stated.directions),
            grade=stated.grade,
            silent=stated.silent,
            what=f"{stated.before} Now: {stated.after}",
            reason=stated.reason,
            before=stated.before,
            after=[After(at=stated.after)],
            older=stated.older,
            newer=stated.newer,
            source=stated.source,
            details=["the example after is refused"] if stated.example and stated.example.refused else [],
            example=Example(before=stated.example.before, after=stated.example.after)
            if stated.example is not None
            else None,
        )
