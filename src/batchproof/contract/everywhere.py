"""Probes of credentials, made for every operation from the one row that states them for one."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from batchproof.contract.model import Control, Manifest, Operation, Probe
from batchproof.json_values import JsonObject


def expanded(probes: Sequence[Probe], manifest: Manifest) -> list[Probe]:
    """``probes``, and for each that holds ``everywhere`` one for every operation that has none with the same credential."""
    written = {(probe.operation, probe.change.auth) for probe in probes}
    return [
        *probes,
        *(made for probe in probes if probe.everywhere for made in _made(probe, manifest, written)),
    ]


def _made(probe: Probe, manifest: Manifest, written: Collection[tuple[str, str | None]]) -> Iterator[Probe]:
    for name, operation in manifest.operations.items():
        path = _path(operation, manifest)
        if (name, probe.change.auth) in written or path is None:
            continue
        yield msgspec.structs.replace(
            probe,
            name=f"{probe.name}.{name}",
            operation=name,
            control=Control(path=path),
            everywhere=False,
            generated=True,
        )


def _path(operation: Operation, manifest: Manifest) -> JsonObject | None:
    """What to put into the path; None where nothing that fits can be found."""
    if operation.request is not None and operation.request.path:
        return dict(operation.request.path)
    if "{id}" not in operation.path:
        return {}
    resource = resource_of(operation, manifest)
    return None if resource is None else {"id": {"$known": resource}}


def resource_of(operation: Operation, manifest: Manifest) -> str | None:
    """The resource that ``{id}`` in the path of an operation names; None where the contract does not say."""
    if operation.reads is not None:
        return operation.reads
    if operation.deletes is not None:
        return operation.deletes.resource
    for flow in manifest.flows.values():
        for act in (flow.cancel, flow.delete, flow.refresh):
            reader = flow.read or flow.read_run
            if act is None or reader not in manifest.operations:
                continue
            if manifest.operations.get(act) is operation:
                return manifest.operations[reader].reads
    return None
