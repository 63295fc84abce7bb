"""Changes of life cycles: statuses and the steps between them."""

from collections.abc import Iterator

from batchproof.upgrade.afters import unmapped
from batchproof.upgrade.change import After, Change, Kind
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Grade


def status_changes(mapped: Map) -> Iterator[Change]:
    """The statuses that are new, lost or renamed, and the steps that are new."""
    for name, older in mapped.older.lifecycles.items():
        life, targets = mapped.migration.lifecycles[name], mapped.lifecycles(name)
        if not targets:
            yield Change(
                id=f"{name}.status.{'outside' if life.outside else 'removed'}",
                about="status",
                kind="outside" if life.outside else "removed",
                directions=["reacts to statuses"],
                grade=life.grade,
                silent=False,
                what=f"the statuses of {name} are those of something else now",
                reason="code that waits for an end has to know every status",
                before=", ".join(older.states),
                after=unmapped(mapped, life),
            )
            continue
        for status, text in life.lost.items():
            yield _status(
                name,
                status,
                "removed",
                f"never {status} any more",
                "risky",
                [After(variants=[], at=None, note=text)],
            )
        for status, new in life.renamed.items():
            yield _status(
                name,
                status,
                "renamed",
                f"{status} is {new} now",
                "breaking",
                [After(at=new)],
            )
        known = {*life.kept, *life.renamed.values()}
        fresh: dict[str, list[str]] = {}
        steps: dict[str, list[str]] = {}
        for variant, target in targets.items():
            newer = mapped.newer.lifecycles[target]
            for status in newer.states:
                if status not in known:
                    fresh.setdefault(status, []).append(variant)
            described = {
                life.renamed.get(one, one): [life.renamed.get(two, two) for two in after]
                for one, after in older.edges.items()
            }
            for one, after in newer.edges.items():
                for two in after:
                    if one in known and two in known and two not in described.get(one, []):
                        steps.setdefault(f"{one} to {two}", []).append(variant)
        for status, variants in fresh.items():
            yield _status(
                name,
                status,
                "added",
                f"may be {status}, too",
                "risky",
                [After(variants=variants, at=status)],
            )
        for step, variants in steps.items():
            yield _status(
                name,
                step.replace(" ", "-"),
                "states",
                f"may go from {step}",
                "risky",
                [After(variants=variants, at=step)],
            )


def _status(name: str, status: str, kind: Kind, what: str, grade: Grade, after: list[After]) -> Change:
    return Change(
        id=f"{name}.status.{status}.{kind}",
        about="status",
        kind=kind,
        directions=["reacts to statuses"],
        grade=grade,
        silent=kind == "renamed",
        what=f"{name}: {what}",
        reason="code that waits for an end has to know every status",
        before=None if kind in ("added", "states") else status,
        after=after,
    )
