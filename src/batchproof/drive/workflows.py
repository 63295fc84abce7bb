"""Workflows: the flows of a contract that belong together, since they list or read the same objects."""

from collections.abc import Iterable
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.model import Flow


class Verbs(NamedTuple):
    """The operations on one object of a resource."""

    read: str
    cancel: str | None = None
    delete: str | None = None
    refresh: str | None = None


class Workflow(NamedTuple):
    """Flows with the operations on the objects that they make, by resource, and the lists that show these objects."""

    flows: tuple[Flow, ...]
    verbs: dict[str, Verbs]
    listings: tuple[str, ...]

    @property
    def operations(self) -> set[str]:
        """Every operation that the workflow has."""
        parts = {part for flow in self.flows for part in (flow.submit, flow.create)}
        parts |= {part for verbs in self.verbs.values() for part in verbs}
        return {part for part in parts if part is not None} | set(self.listings)


def workflows(contract: Contract) -> dict[str, Workflow]:
    """The workflows of a contract, each under the name of its first flow. Flows without a list join the first workflow."""
    flows = contract.manifest.flows
    groups: dict[str | None, list[str]] = {}
    for name, flow in flows.items():
        groups.setdefault(flow.list, []).append(name)
    unlisted = groups.pop(None, [])
    together = list(groups.values()) or [[]]
    together[0] = together[0] + unlisted
    return {names[0]: _workflow(contract, [flows[name] for name in names]) for names in together if names}


def _workflow(contract: Contract, flows: Iterable[Flow]) -> Workflow:
    operations = contract.manifest.operations
    verbs: dict[str, Verbs] = {}
    for flow in flows:
        for reader in (flow.read, flow.read_run):
            if reader is not None:
                verbs.setdefault(operations[reader].reads or "", Verbs(reader))
        subject = flow.read_run if flow.create is not None else flow.read
        if subject is not None:
            resource = operations[subject].reads or ""
            own = verbs[resource]
            verbs[resource] = Verbs(
                own.read, own.cancel or flow.cancel, own.delete or flow.delete, own.refresh or flow.refresh
            )
    listings = [
        name
        for name, operation in operations.items()
        if operation.pages is not None and any(view.resource in verbs for view in operation.success.shows)
    ]
    return Workflow(tuple(flows), verbs, tuple(listings))
