"""What is left of a contract folder without the references that lead nowhere, so that the rest of it can be looked at."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.kind import Declared
from batchproof.contract.model import Flow, Invariant, Manifest, Operation, Probe

T = TypeVar("T")


def pruned(manifest: Manifest) -> Manifest:
    """``manifest`` without references to what it does not declare."""
    operations = {name: _operation(item, manifest) for name, item in manifest.operations.items()}
    webhooks = manifest.webhooks
    if webhooks is not None:
        events = {name: item for name, item in webhooks.events.items() if item.resource in manifest.resources}
        webhooks = msgspec.structs.replace(webhooks, events=events)
    return msgspec.structs.replace(
        manifest,
        preflight=_known(manifest.preflight, operations) or next(iter(operations), ""),
        operations=operations,
        resources={
            name: msgspec.structs.replace(
                item,
                lifecycle=_known(item.lifecycle, manifest.lifecycles),
                refers={key: at for key, at in item.refers.items() if key in manifest.resources},
            )
            for name, item in manifest.resources.items()
        },
        fixtures={
            name: msgspec.structs.replace(
                item,
                resource=_known(item.resource, manifest.resources),
                discover=item.discover if item.discover and item.discover.operation in operations else None,
            )
            for name, item in manifest.fixtures.items()
        },
        flows={name: _flow(item, manifest) for name, item in manifest.flows.items()},
        webhooks=webhooks,
    )


def usable_invariants(
    invariants: Mapping[int, T], of: Mapping[int, Invariant], manifest: Manifest, probes: Iterable[Probe]
) -> dict[int, T]:
    """Those of ``invariants`` whose subject is there; ``of`` are the invariants as they are written."""
    declared = Declared(manifest, {probe.name: probe for probe in probes})
    return {
        index: invariant
        for index, invariant in invariants.items()
        if of[index].on == "*" or of[index].on in KINDS[of[index].each].subjects(declared)
    }


def usable_probes(probes: Iterable[Probe], manifest: Manifest) -> list[Probe]:
    """Those of ``probes`` whose operation is there."""
    return [probe for probe in probes if probe.operation in manifest.operations]


def _operation(operation: Operation, manifest: Manifest) -> Operation:
    resources = manifest.resources
    shows = [shown for shown in operation.success.shows if shown.resource in resources]
    deletes, owner = operation.deletes, operation.owner
    return msgspec.structs.replace(
        operation,
        reads=_known(operation.reads, resources),
        creates=_known(operation.creates, resources),
        deletes=deletes if deletes and deletes.resource in resources else None,
        owner=owner if owner and owner.resource in resources else None,
        success=msgspec.structs.replace(operation.success, shows=shows),
    )


def _flow(flow: Flow, manifest: Manifest) -> Flow:
    parts = {
        part: _known(getattr(flow, part), manifest.fixtures if part == "cancellable" else manifest.operations)
        for part in flow.__struct_fields__
    }
    return Flow(**parts)


def _known(name: str | None, among: Iterable[str]) -> str | None:
    return name if name is not None and name in among else None
