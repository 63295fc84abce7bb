"""Changes of operations: where they are, how they are answered, which errors they may have, how lists are paged."""

from collections.abc import Iterator

from batchproof.contract.linked import Operation
from batchproof.upgrade.afters import LISTED, afters, allowed_by, unmapped
from batchproof.upgrade.change import After, Change, PlaceSeen
from batchproof.upgrade.mapping import Map
from batchproof.upgrade.model import Grade


def operation_changes(mapped: Map) -> Iterator[Change]:
    """The changes of all operations, and those that are new."""
    yield from _operations(mapped)
    yield from _error_statuses(mapped)
    yield from _paging(mapped)


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _operations(mapped: Map) -> Iterator[Change]:
    taken = mapped.became
    for name, operation in mapped.older.operations.items():
        fate, targets = mapped.migration.operations[name], mapped.newer_operations(name)
        taken |= {target.name for target in targets.values()}
        calls = {variant: _call(target) for variant, target in targets.items()}
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
                reason=f"to take an operation away {LISTED}",
                before=_call(operation),
                after=unmapped(mapped, fate),
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
                reason=f"to move an operation {LISTED}",
                before=_call(operation),
                after=afters(mapped, calls),
                places=place,
            )
        yield from _success(mapped, operation, targets)
    row = mapped.migration.allowed.operation
    for name, operation in mapped.newer.operations.items():
        if name not in taken:
            yield Change(
                id=f"{name}.added",
                about="operation",
                kind="added",
                directions=["writes requests"],
                grade="compatible" if row else "risky",
                silent=False,
                what=f"{_call(operation)} is new",
                reason=allowed_by(row),
                after=[After(at=_call(operation))],
            )


def _success(mapped: Map, operation: Operation, targets: dict[str, Operation]) -> Iterator[Change]:
    name, before = operation.name, operation.success
    now = {variant: target.success for variant, target in targets.items()}
    new = {status for success in now.values() for status in success.statuses} - set(before.statuses)
    if new:
        yield Change(
            id=f"{name}.success.changed",
            about="status",
            kind="changed",
            directions=["reads answers"],
            grade="breaking",
            silent=False,
            what=f"{name} is answered with {' or '.join(map(str, sorted(new)))}, not with {before.described}",
            reason=f"to change a status {LISTED}",
            before=before.described,
            after=afters(mapped, {variant: success.described for variant, success in now.items()}),
            places=[PlaceSeen(name=name, at="")],
        )


def _error_statuses(mapped: Map) -> Iterator[Change]:
    """One change for each status, with all operations that it is new to, or gone from."""
    new: dict[int, list[str]] = {}
    lost: dict[int, list[str]] = {}
    for name, operation in mapped.older.operations.items():
        before = set(operation.errors.statuses)
        each = [set(target.errors.statuses) for target in mapped.newer_operations(name).values()]
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
    for name, operation in mapped.older.operations.items():
        before = operation.pages
        if before is None:
            continue
        for part in ("token", "size"):
            old = getattr(before, part)
            now = {
                variant: getattr(target.pages, part, None)
                for variant, target in mapped.newer_operations(name).items()
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
                    after=afters(mapped, {variant: str(value) for variant, value in now.items()}),
                    places=[PlaceSeen(name=name, at="")],
                )
