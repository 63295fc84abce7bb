"""What kinds have in common: those about objects of a resource, about an operation, about a list."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from batchproof.contract.kinds.kind import About, Declared, Kind, Written
from batchproof.contract.model import Invariant, Manifest, Operation
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.reachable import Place
from batchproof.contract.shown import Shown, operations_showing


class OfObjects(Kind):
    """A kind about objects of the resource that ``on`` names."""

    on = "a resource (and `view:`)"

    def subjects(self, declared: Declared) -> Collection[str]:
        """The resources."""
        return declared.manifest.resources

    def problems(self, written: Written, declared: Declared) -> Iterator[Problem]:
        """Nothing shows its objects, or ``to`` is missing or too much."""
        manifest = declared.manifest
        yield from _not_there(written, manifest.resources, "resource") or (
            *_shown_nowhere(written, manifest),
            *_to(self, written, manifest),
        )

    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:
        """Those that show the object."""
        return operations_showing(declared.manifest, invariant.on, invariant.view)

    def subject(self, about: About) -> str:
        """The resource."""
        return about.on


class OfTwoLooks(OfObjects):
    """A kind about two looks at one object."""

    example = "object"

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """The object in its view, twice."""
        looks = shown.object(invariant.on, invariant.view)
        return {"self": looks, "oldSelf": looks}


class OfOperations(Kind):
    """A kind about one operation, or (``*``) about all of them where ``for_all`` says so."""

    on = "an operation"
    for_all = False

    def subjects(self, declared: Declared) -> Collection[str]:
        """The operations."""
        return declared.manifest.operations

    def problems(self, written: Written, declared: Declared) -> Iterator[Problem]:
        """The operation is not what the kind speaks about."""
        manifest = declared.manifest
        among = {**manifest.operations, **({"*": None} if self.for_all else {})}
        yield from _not_there(written, among, "operation") or (
            *(
                written.wrong(remedy, "on")
                for remedy in self.unfit(manifest.operations, written.invariant.on)
            ),
            *_to(self, written, manifest),
        )

    def unfit(self, operations: Mapping[str, Operation], on: str) -> Iterator[str]:
        """What the operation lacks, if the kind needs anything of it."""
        assert on in operations or self.for_all
        yield from ()

    def operations(self, invariant: Invariant, declared: Declared) -> frozenset[str]:
        """The operation itself."""
        everything = frozenset(declared.manifest.operations)
        return everything if invariant.on == "*" else frozenset({invariant.on})

    def subject(self, about: About) -> str:
        """The operation."""
        return about.asked or about.on if about.on == "*" else about.on

    def asked(self, invariant: Invariant, shown: Shown) -> list[Operation]:
        """The operations that ``on`` means."""
        operations = shown.manifest.operations
        return list(operations.values()) if invariant.on == "*" else [operations[invariant.on]]


class OfLists(OfOperations):
    """A kind about the rows of a list."""

    on = "a list operation with `pages`"

    def unfit(self, operations: Mapping[str, Operation], on: str) -> Iterator[str]:
        """The operation is no list."""
        if operations[on].pages is None:
            yield f"is about the rows of {on}, which declares no pages"

    def shapes(self, invariant: Invariant, shown: Shown) -> dict[str, Sequence[Place] | None]:
        """Rows, query, and the object that they belong to."""
        (operation,) = self.asked(invariant, shown)
        owner = operation.owner.resource if operation.owner is not None else None
        rows = operation.pages.rows if operation.pages is not None else ""
        body = shown.reachable.root(operation.success.schema)
        looks = shown.object(owner) if owner is not None else None
        return {
            "rows": shown.reachable.at(body, rows),
            "row": shown.reachable.at(body, f"{rows}/*"),
            "query": shown.queries([operation]),
            "owner": looks,
            "later": looks,
            "request": shown.creation(owner) if owner is not None else None,
        }


def _not_there(written: Written, among: Mapping[str, Any], what: str) -> tuple[Problem, ...]:
    invariant = written.invariant
    at = (written.place, "on")
    return tuple(undeclared(written.file, invariant.requirement, invariant.on, among, what, at))


def _shown_nowhere(written: Written, manifest: Manifest) -> Iterator[Problem]:
    on, view = written.invariant.on, written.invariant.view
    if not operations_showing(manifest, on, view):
        remedy = f"is about {on}, which no operation shows in this view"
        yield written.wrong(remedy, "view" if view is not None else "on", missing=on)


def _to(kind: Kind, written: Written, manifest: Manifest) -> Iterator[Problem]:
    invariant = written.invariant
    if (invariant.to is None) is kind.refers:
        yield written.wrong("names in `to` what it refers to, as `each: reference` does", "to")
    elif invariant.to is not None:
        refers = manifest.resources[invariant.on].refers
        at = (written.place, "to")
        yield from undeclared(written.file, invariant.requirement, invariant.to, refers, "reference", at)
