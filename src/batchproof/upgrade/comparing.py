"""What changes from one contract to another: a pure function of both and of how one became the other."""

from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.contract.model import Operation
from batchproof.upgrade.change import FORMAT, After, Change, Example, PlaceSeen, Upgrade
from batchproof.upgrade.mapping import ALL, Map, filled, load_map, states
from batchproof.upgrade.model import GRADES, Fate, Grade, Life
from batchproof.upgrade.shape_changes import shape_changes

_LISTED = "is on no list of compatible changes"


def upgrade(older: Contract, newer: Contract) -> Upgrade:
    """All changes from ``older`` to ``newer``, silent breaks first. Raises ``ContractError``."""
    mapped = load_map(older, newer)
    changes = sorted(
        [
            *_operations(mapped),
            *_error_statuses(mapped),
            *shape_changes(mapped),
            *_paging(mapped),
            *_headers(mapped),
            *_lifecycles(mapped),
            *_events(mapped),
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


def _after(mapped: Map, targets: dict[str, str]) -> list[After]:
    """The targets of the variants, those together that have the same."""
    found: dict[str, list[str]] = {}
    for variant, target in targets.items():
        found.setdefault(target, []).append(variant)
    return [
        After(
            variants=[] if len(variants) == len(mapped.variants) else [one for one in variants if one != ALL],
            at=target,
            note=None,
        )
        for target, variants in found.items()
    ]


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _unmapped(mapped: Map, fate: Fate | Life) -> list[After]:
    text = fate.outside or fate.gone or ""
    told = _after(mapped, {variant: filled(mapped, text, variant) for variant in mapped.variants})
    return [After(variants=after.variants, at=None, note=after.at) for after in told]


def _operations(mapped: Map) -> Iterator[Change]:
    newer = mapped.newer.manifest.operations
    taken = mapped.became
    for name, operation in mapped.older.manifest.operations.items():
        fate, targets = mapped.migration.operations[name], mapped.operations(name)
        taken |= set(targets.values())
        calls = {variant: _call(newer[target]) for variant, target in targets.items()}
        place = [PlaceSeen(name=name, at="")]
        if not targets:
            yield Change(
                id=f"{name}.{'outside' if fate.outside else 'removed'}",
                about="operation",
                kind="outside" if fate.outside else "removed",
                directions=["reads answers", "writes requests"],
                grade=fate.grade,
                silent=False,
                what=f"{_call(operation)} is {'elsewhere now' if fate.outside else 'gone'}",
                reason=f"to take an operation away {_LISTED}",
                before=_call(operation),
                after=_unmapped(mapped, fate),
                places=place,
            )
        elif set(calls.values()) != {_call(operation)}:
            yield Change(
                id=f"{name}.moved",
                about="operation",
                kind="moved",
                directions=["writes requests"],
                grade="breaking",
                silent=False,
                what=f"{_call(operation)} is {' or '.join(dict.fromkeys(calls.values()))} now",
                reason=f"to move an operation {_LISTED}",
                before=_call(operation),
                after=_after(mapped, calls),
                places=place,
            )
        yield from _success(mapped, name, targets)
    row = mapped.migration.allowed.operation
    for name, operation in newer.items():
        if name not in taken:
            yield Change(
                id=f"{name}.added",
                about="operation",
                kind="added",
                directions=["writes requests"],
                grade="compatible" if row else "risky",
                silent=False,
                what=f"{_call(operation)} is new",
                reason=_allowed(row),
                after=[After(variants=[], at=_call(operation), note=None)],
            )


def _allowed(row: str | None) -> str:
    if row is None:
        return "nothing says that an addition is compatible"
    return f"the vendor counts it among its compatible changes ({row})"


def _success(mapped: Map, name: str, targets: dict[str, str]) -> Iterator[Change]:
    before = mapped.older.manifest.operations[name].success
    now = {variant: mapped.newer.manifest.operations[target].success for variant, target in targets.items()}
    new = {status for success in now.values() for status in success.statuses} - set(before.statuses)
    if new:
        yield Change(
            id=f"{name}.success.changed",
            about="status",
            kind="changed",
            directions=["reads answers"],
            grade="breaking",
            silent=False,
            what=f"{name} is answered with {' or '.join(map(str, sorted(new)))}, not with {before.told}",
            reason=f"to change a status {_LISTED}",
            before=before.told,
            after=_after(mapped, {variant: success.told for variant, success in now.items()}),
            places=[PlaceSeen(name=name, at="")],
        )


def _error_statuses(mapped: Map) -> Iterator[Change]:
    """One change for each status, with all operations that it is new to, or gone from."""
    new: dict[int, list[str]] = {}
    lost: dict[int, list[str]] = {}
    for name, operation in mapped.older.manifest.operations.items():
        targets = mapped.operations(name)
        before = set(operation.errors.statuses)
        each = [set(mapped.newer.manifest.operations[target].errors.statuses) for target in targets.values()]
        if each:
            for status in set().union(*each) - before:
                new.setdefault(status, []).append(name)
            for status in before - set().union(*each):
                lost.setdefault(status, []).append(name)
    for kind, found in (("added", new), ("removed", lost)):
        for status, names in sorted(found.items()):
            grade: Grade = "risky" if kind == "added" else "compatible"
            yield Change(
                id=f"error.status.{status}.{kind}",
                about="error",
                kind="added" if kind == "added" else "removed",
                directions=["parses errors"],
                grade=grade,
                silent=False,
                what=f"{status} is {'an answer now' if kind == 'added' else 'no documented answer any more'}",
                reason="code that knows the documented statuses does not know it"
                if kind == "added"
                else "what handles it is idle",
                places=[PlaceSeen(name=name, at="") for name in names],
            )


def _paging(mapped: Map) -> Iterator[Change]:
    for name, operation in mapped.older.manifest.operations.items():
        before = operation.pages
        if before is None:
            continue
        for part in ("token", "size"):
            old = getattr(before, part)
            now = {
                variant: getattr(mapped.newer.manifest.operations[target].pages, part, None)
                for variant, target in mapped.operations(name).items()
            }
            if now and set(now.values()) != {old}:
                yield Change(
                    id=f"{name}.paging.{part}.changed",
                    about="paging",
                    kind="changed",
                    directions=["writes requests"],
                    grade="breaking",
                    silent=True,
                    what=f"the parameter {old} of a page has another name",
                    reason="a parameter that is not known is dropped: the first page comes again and again",
                    before=old,
                    after=_after(mapped, {variant: str(value) for variant, value in now.items()}),
                    places=[PlaceSeen(name=name, at="")],
                )


def _headers(mapped: Map) -> Iterator[Change]:
    older, newer = mapped.older.manifest, mapped.newer.manifest
    yield from _fixed(older.headers, newer.headers, "header", sent=True)
    if older.webhooks is not None and newer.webhooks is not None:
        before = {name: header.value for name, header in older.webhooks.headers.items()}
        now = {name: header.value for name, header in newer.webhooks.headers.items()}
        yield from _fixed(before, now, "webhook.header", sent=False)
        for part in ("header", "signed", "algorithm", "encoding"):
            old, new = getattr(older.webhooks.signature, part), getattr(newer.webhooks.signature, part)
            if old != new:
                yield Change(
                    id=f"webhook.signature.{part}.changed",
                    about="event",
                    kind="changed",
                    directions=["receives webhooks"],
                    grade="breaking",
                    silent=False,
                    what=f"the {part} of the signature is another one",
                    reason="signatures are checked another way",
                    before=old,
                    after=[After(variants=[], at=new, note=None)],
                )


def _fixed(before: dict[str, str], now: dict[str, str], stem: str, *, sent: bool) -> Iterator[Change]:
    for name, value in before.items():
        if now.get(name) == value:
            continue
        yield Change(
            id=f"{stem}.{name}.changed",
            about="header" if sent else "event",
            kind="changed" if name in now else "removed",
            directions=["writes requests" if sent else "receives webhooks"],
            grade="breaking" if sent else "risky",
            silent=False,
            what=f"{name} says {now[name]} now" if name in now else f"{name} is not sent any more",
            reason="it chooses the version"
            if sent
            else "a receiver that looks at it has to know the new value",
            before=f"{name}: {value}",
            after=[After(variants=[], at=f"{name}: {now[name]}" if name in now else None, note=None)],
        )


def _lifecycles(mapped: Map) -> Iterator[Change]:
    for name, older in mapped.older.manifest.lifecycles.items():
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
                before=", ".join(states(older.edges, older.terminal)),
                after=_unmapped(mapped, life),
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
                [After(variants=[], at=new, note=None)],
            )
        known = {*life.kept, *life.renamed.values()}
        fresh: dict[str, list[str]] = {}
        steps: dict[str, list[str]] = {}
        for variant, target in targets.items():
            newer = mapped.newer.manifest.lifecycles[target]
            for status in states(newer.edges, newer.terminal):
                if status not in known:
                    fresh.setdefault(status, []).append(variant)
            told = {
                life.renamed.get(one, one): [life.renamed.get(two, two) for two in after]
                for one, after in older.edges.items()
            }
            for one, after in newer.edges.items():
                for two in after:
                    if one in known and two in known and two not in told.get(one, []):
                        steps.setdefault(f"{one} to {two}", []).append(variant)
        for status, variants in fresh.items():
            yield _status(
                name,
                status,
                "added",
                f"may be {status}, too",
                "risky",
                [After(variants=variants, at=status, note=None)],
            )
        for step, variants in steps.items():
            yield _status(
                name,
                step.replace(" ", "-"),
                "states",
                f"may go from {step}",
                "risky",
                [After(variants=variants, at=step, note=None)],
            )


def _status(name: str, status: str, kind: str, what: str, grade: Grade, after: list[After]) -> Change:
    return Change(
        id=f"{name}.status.{status}.{kind}",
        about="status",
        kind=kind,  # type: ignore[arg-type]
        directions=["reacts to statuses"],
        grade=grade,
        silent=kind == "renamed",
        what=f"{name}: {what}",
        reason="code that waits for an end has to know every status",
        before=None if kind in ("added", "states") else status,
        after=after,
    )


def _events(mapped: Map) -> Iterator[Change]:
    older, newer = mapped.older.manifest.webhooks, mapped.newer.manifest.webhooks
    taken = mapped.became
    for name in older.events if older is not None else ():
        fate, targets = mapped.migration.events[name], mapped.events(name)
        taken |= set(targets.values())
        if targets and set(targets.values()) == {name}:
            continue
        yield Change(
            id=f"{name}.{'renamed' if targets else 'outside' if fate.outside else 'removed'}",
            about="event",
            kind="renamed" if targets else "outside" if fate.outside else "removed",
            directions=["receives webhooks"],
            grade=fate.grade,
            silent=True,
            what=f"{name} is {' or '.join(dict.fromkeys(targets.values()))} now"
            if targets
            else f"{name} is not sent any more",
            reason="a receiver that ignores events it does not know hears of nothing any more",
            before=name,
            after=_after(mapped, targets) if targets else _unmapped(mapped, fate),
        )
    row = mapped.migration.allowed.event
    for name in newer.events if newer is not None else ():
        if name not in taken:
            yield Change(
                id=f"{name}.added",
                about="event",
                kind="added",
                directions=["receives webhooks"],
                grade="compatible" if row else "risky",
                silent=False,
                what=f"{name} is new",
                reason=_allowed(row),
                after=[After(variants=[], at=name, note=None)],
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
            after=[After(variants=[], at=stated.after, note=None)],
            older=stated.older,
            newer=stated.newer,
            source=stated.source,
            example=Example(before=stated.example.get("before"), after=stated.example.get("after"))
            if stated.example
            else None,
        )
