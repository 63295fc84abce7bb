"""Workflows: the flows of a contract that belong together, since they list or read the same objects."""

from collections.abc import Iterable
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Flow, Listing, Operation


class Verbs(NamedTuple):
    """The operations on one object of a resource."""

    read: Operation
    cancel: Operation | None = None
    delete: Operation | None = None
    refresh: Operation | None = None


class Workflow(NamedTuple):
    """Flows with the operations on the objects that they make, by resource, and the lists that show these objects."""

    flows: tuple[Flow, ...]
    verbs: dict[str, Verbs]
    listings: tuple[Listing, ...]

    @property
    def operations(self) -> set[str]:
        """Every operation that the workflow has."""
        parts = {part for flow in self.flows for part in (flow.submit, flow.create)}
        parts |= {part for verbs in self.verbs.values() for part in verbs}
        return {part.name for part in (*parts, *self.listings) if part is not None}


def workflows(contract: Contract) -> dict[str, Workflow]:
    """The workflows of a contract, each under the name of its first flow. Flows without a list join the first workflow."""
    flows = contract.flows
    groups: dict[Listing | None, list[str]] = {}
    for name, flow in flows.items():
        groups.setdefault(flow.list, []).append(name)
    unlisted = groups.pop(None, [])
    together = list(groups.values()) or [[]]
    together[0] = together[0] + unlisted
    return {names[0]: _workflow(contract, [flows[name] for name in names]) for names in together if names}


def _workflow(contract: Contract, flows: Iterable[Flow]) -> Workflow:
    verbs: dict[str, Verbs] = {}
    for flow in flows:
        for reader in (flow.read, flow.read_run):
            if reader is not None and reader.reads is not None:
                verbs.setdefault(reader.reads.name, Verbs(reader))
        subject = flow.run if flow.create is not None else flow.subject
        if subject is not None:
            own = verbs[subject.name]
            verbs[subject.name] = Verbs(
                own.read, own.cancel or flow.cancel, own.delete or flow.delete, own.refresh or flow.refresh
            )
    listings = [
        operation
        for operation in contract.operations.values()
        if isinstance(operation, Listing)
        and any(view.resource.name in verbs for view in operation.success.shows)
    ]
    return Workflow(tuple(flows), verbs, tuple(listings))
