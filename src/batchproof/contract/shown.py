"""Where a contract shows its objects, and what they look like there, as far as its schemas say."""

from collections.abc import Mapping, Sequence

from batchproof.contract.model import Manifest, Operation, Probe
from batchproof.contract.reachable import Place, Reachable
from batchproof.contract.shapes import Shapes


def operations_showing(manifest: Manifest, resource: str, view: str | None = None) -> frozenset[str]:
    """The operations whose success body shows objects of ``resource`` (in ``view``, if given)."""
    return frozenset(
        name
        for name, operation in manifest.operations.items()
        if any(shown.resource == resource and view in (None, shown.view) for shown in operation.success.shows)
    )


class Shown:
    """What objects, requests and answers of a contract look like. None stands for what the schemas leave open."""

    def __init__(self, manifest: Manifest, shapes: Shapes, probes: Mapping[str, Probe]) -> None:
        """``manifest``, ``shapes`` and ``probes`` are those of one folder."""
        self.reachable = Reachable(shapes)
        self.manifest = manifest
        self.probes = probes

    def object(self, resource: str, view: str | None = None) -> Sequence[Place] | None:
        """What an object of a resource looks like, in ``view`` if that is given."""
        found: list[Place] = []
        for operation in self.manifest.operations.values():
            for shown in operation.success.shows:
                if shown.resource == resource and view in (None, shown.view):
                    here = self.reachable.at(self.reachable.root(operation.success.schema), shown.at)
                    if here is None:
                        return None
                    found += here
        events = self.manifest.webhooks.events.values() if self.manifest.webhooks is not None else ()
        carried = [
            event.schema for event in events if event.resource == resource and view in (None, event.view)
        ]
        return found + self.reachable.root(*carried) or None

    def creation(self, resource: str) -> Sequence[Place] | None:
        """The bodies of the requests that create objects of a resource."""
        creating = [item for item in self.manifest.operations.values() if item.creates == resource]
        return self.bodies(creating)

    def bodies(self, operations: Sequence[Operation]) -> Sequence[Place] | None:
        """The bodies of the requests of ``operations``."""
        schemas = [item.request.schema for item in operations if item.request is not None]
        return self.reachable.root(*schemas) or None

    def queries(self, operations: Sequence[Operation]) -> Sequence[Place] | None:
        """The queries of ``operations``."""
        return self.reachable.root(*(item.query for item in operations if item.query is not None)) or None

    def answers(
        self, operations: Sequence[Operation], *, accepted: bool = True, refused: bool = True
    ) -> Sequence[Place]:
        """The bodies of the answers of ``operations``: of those that accept, of those that refuse, or of both."""
        files = [item.success.schema for item in operations] if accepted else []
        return self.reachable.root(*files, *([self.manifest.error] if refused else []))
