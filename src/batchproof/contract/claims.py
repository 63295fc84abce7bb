"""What a server claims of a contract: the operations that may be sent, the rows that apply, and the contract for driving it.

A server claims capabilities. An operation is claimed when every capability that holds it is; a row applies when every
capability that holds it is claimed, and an operation that can show it.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from batchproof.contract.capabilities import matching, operations_to_claim
from batchproof.contract.loader import Contract
from batchproof.contract.model import Fixture, Flow, Manifest, Operation
from batchproof.contract.webhooks import RECEIVER
from batchproof.errors import BatchproofError

_OPERATIONS_OF_A_FLOW = [part for part in Flow.__struct_fields__ if part != "cancellable"]


class ClaimError(BatchproofError):
    """Claims cannot be used. The message is one line without the place where they stand."""


class Claimed(NamedTuple):
    """The operations that are claimed (``RECEIVER`` among them where webhooks are), and the rows that do not apply.

    With each of these stand the capabilities that would have to be claimed for it, too.
    """

    operations: frozenset[str]
    left_out: Mapping[str, Sequence[str]]


def in_order_of(contract: Contract, claims: Collection[str]) -> tuple[str, ...]:
    """``claims``, each once, in the order of the contract. Raises ``ClaimError`` for none, and for an unknown one."""
    known = contract.manifest.capabilities
    if not known:
        raise ClaimError(
            f"{contract.id} declares no capabilities, so nothing of it can be left out; claim nothing"
        )
    for name in claims:
        if name not in known:
            raise ClaimError(f"{contract.id} knows no capability {name!r}; use: {', '.join(known)}")
    if not claims:
        raise ClaimError(f"claims nothing, so nothing could be tested; use: {', '.join(known)}")
    return tuple(name for name in known if name in claims)


def what_is_claimed(contract: Contract, claims: Sequence[str] | None) -> Claimed:
    """What is claimed of the whole contract: everything without ``claims``."""
    contract = contract.whole
    known = contract.manifest.capabilities
    others = {} if claims is None else {name: item for name, item in known.items() if name not in claims}
    operations = _lacking(
        operations_to_claim(contract.manifest), {name: item.operations for name, item in others.items()}
    )
    rows = _lacking(contract.requirements, {name: item.rows for name, item in others.items()})
    left_out: dict[str, Sequence[str]] = {}
    for name, lacking in rows.items():
        shown_by = sorted(contract.operations_of(name))
        nearest = min((operations[operation] for operation in shown_by), key=len, default=[])
        if lacking or nearest:
            left_out[name] = [item for item in others if item in (*lacking, *nearest)]
    return Claimed(frozenset(name for name, lacking in operations.items() if not lacking), left_out)


def _lacking(names: Iterable[str], others: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """For each of ``names`` those of the unclaimed capabilities that hold it."""
    found: dict[str, list[str]] = {name: [] for name in names}
    for capability, patterns in others.items():
        for name in matching(found, patterns):
            found[name].append(capability)
    return found


def claimed(contract: Contract, claims: Sequence[str] | None) -> Contract:
    """The contract for driving a server that makes ``claims``: without operations, flows and probes that it leaves out.

    Its rows and invariants are still all that there are: what is right does not depend on what is claimed. Raises
    ``ClaimError`` when nothing is left by which the server could be looked for.
    """
    if claims is None:
        return contract
    whole = contract.whole
    part = what_is_claimed(whole, claims)
    manifest = whole.manifest
    operations = {name: item for name, item in manifest.operations.items() if name in part.operations}
    return dataclasses.replace(
        whole,
        manifest=msgspec.structs.replace(
            manifest,
            preflight=_preflight(whole, claims, operations),
            operations=operations,
            fixtures={name: _fixture(item, operations) for name, item in manifest.fixtures.items()},
            flows=_flows(manifest, operations),
            webhooks=manifest.webhooks if RECEIVER in part.operations else None,
        ),
        probes={
            name: probe
            for name, probe in whole.probes.items()
            if probe.operation in operations and probe.requirement not in part.left_out
        },
        part_of=whole,
    )


def _preflight(contract: Contract, claims: Sequence[str], operations: Mapping[str, Operation]) -> str:
    manifest = contract.manifest
    found = _free_reads(manifest, operations)
    if found:
        return found[0]
    enough = [
        name
        for name in manifest.capabilities
        if _free_reads(manifest, what_is_claimed(contract, [*claims, name]).operations)
    ]
    raise ClaimError(
        f"{', '.join(claims)} alone leaves no read without an id, by which a server is looked for; "
        f"claim one of these as well: {', '.join(enough)}"
    )


def _free_reads(manifest: Manifest, operations: Collection[str]) -> list[str]:
    """Those of ``operations`` that show whether a server is there, the one that the contract names first."""
    reads = [
        name
        for name, item in manifest.operations.items()
        if name in operations and item.method == "GET" and "{" not in item.path
    ]
    return sorted(reads, key=lambda name: name != manifest.preflight)


def _fixture(fixture: Fixture, operations: Collection[str]) -> Fixture:
    """``fixture``, which only the user can give where the read that finds it is not claimed."""
    if fixture.discover is None or fixture.discover.operation in operations:
        return fixture
    return msgspec.structs.replace(fixture, discover=None)


def _flows(manifest: Manifest, operations: Collection[str]) -> dict[str, Flow]:
    """Each flow with the operations that are claimed, less those of which nothing is left that another one has not, too."""
    parts = {name: _parts(flow, operations) for name, flow in manifest.flows.items()}
    return {
        name: msgspec.structs.replace(
            flow, **{part: None for part in _OPERATIONS_OF_A_FLOW if part not in dict(parts[name])}
        )
        for name, flow in manifest.flows.items()
        if parts[name] and not any(parts[name] < other for other in parts.values())
    }


def _parts(flow: Flow, operations: Collection[str]) -> set[tuple[str, str]]:
    named = ((part, getattr(flow, part)) for part in _OPERATIONS_OF_A_FLOW)
    return {(part, operation) for part, operation in named if operation in operations}
