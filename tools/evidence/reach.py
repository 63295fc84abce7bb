"""What the answers of an operation can tell of others: those about the same resources, and the invariants that speak of them."""

import dataclasses
from collections.abc import Iterable

from batchproof.contract import Contract
from batchproof.contract.kinds import KINDS
from batchproof.contract.model import Invariant


class Reach:
    """How far changes reach in a contract."""

    def __init__(self, contract: Contract) -> None:
        """Works out which resources each operation is about."""
        self._contract = contract
        self._narrowed: dict[frozenset[str], Contract] = {}
        operations = contract.manifest.operations
        self._about = {
            name: {shown.resource for shown in operation.success.shows}
            | {item for item in (operation.reads, operation.creates) if item is not None}
            | ({operation.deletes.resource} if operation.deletes is not None else set())
            for name, operation in operations.items()
        }
        self._owners = {
            name: set() if operation.owner is None else {operation.owner.resource}
            for name, operation in operations.items()
        }

    def neighbours(self, operations: Iterable[str | None]) -> set[str]:
        """The operations about the same resources, about owners of these, and about what refers to these or is referred to."""
        resources = self._contract.manifest.resources
        found: set[str] = set()
        for name in {item for item in operations if item in self._about}:
            own = self._about[name]
            wide = own | self._owners[name] | {other for one in own for other in resources[one].refers}
            wide |= {other for other, item in resources.items() if not own.isdisjoint(item.refers)}
            found |= {
                other
                for other, about in self._about.items()
                if not wide.isdisjoint(about) or not own.isdisjoint(self._owners[other])
            }
        return found

    def narrowed(self, operations: Iterable[str | None]) -> Contract:
        """The contract with only the invariants that answers of these operations can break."""
        names = frozenset(item for item in operations if item in self._about)
        if names not in self._narrowed:
            resources = {resource for name in names for resource in self._about[name]}
            touched = {
                name
                for name, about in self._about.items()
                if not resources.isdisjoint(about | self._owners[name])
            }
            invariants = [
                item
                for item in self._contract.invariants
                if self._speaks(item.invariant, resources, touched | names)
            ]
            self._narrowed[names] = dataclasses.replace(self._contract, invariants=tuple(invariants))
        return self._narrowed[names]

    def _speaks(self, invariant: Invariant, resources: set[str], operations: set[str]) -> bool:
        if KINDS[invariant.each].takes == "probe":
            return self._contract.probes[invariant.on].operation in operations
        return (
            invariant.on == "*"
            or invariant.on in resources
            or invariant.on in operations
            or invariant.to in resources
        )
