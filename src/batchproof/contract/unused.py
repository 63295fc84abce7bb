"""What a contract folder declares and nothing uses, and what it uses and nothing fills."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from batchproof.contract.linked import Operation
from batchproof.contract.loader import CompiledInvariant, Contract
from batchproof.contract.model import OTHER_TOKENS, Manifest, Probe, Testable, token_fixture
from batchproof.contract.placeholders import PLACEHOLDERS, arguments
from batchproof.contract.problems import Problem
from batchproof.json_values import Json

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_unused(contract: Contract, invariants: Mapping[int, CompiledInvariant]) -> Iterator[Problem]:
    """Fixtures that nothing uses, placeholders that nothing fills, needs that hold nothing back, and invariants said twice."""
    yield from _placeholders(contract)
    yield from _fixtures(contract)
    yield from _needs(contract)
    yield from _said_twice(contract, invariants)


def _placeholders(contract: Contract) -> Iterator[Problem]:
    for name, operation in contract.operations.items():
        at = ("operations", name, "path")
        filled = set(operation.request.path) if operation.request is not None else set()
        for placeholder in _PLACEHOLDER.findall(operation.path):
            if placeholder not in {*filled, "id"}:
                remedy = (
                    f"{{{placeholder}}} is filled by nothing; scenarios fill {{id}}, "
                    f"and `request: {{path: {{{placeholder}: …}}}}` fills another one"
                )
                yield Problem(contract.folder / "contract.yaml", ".".join(at), remedy, at)
        for unknown in sorted(filled - set(_PLACEHOLDER.findall(operation.path))):
            here = ("operations", name, "request", "path", unknown)
            remedy = f"fills {{{unknown}}}, which {operation.path} does not have"
            yield Problem(contract.folder / "contract.yaml", ".".join(here), remedy, here)


def _fixtures(contract: Contract) -> Iterator[Problem]:
    manifest = contract.manifest
    used = {need for row in contract.requirements.values() for need in _needed(row.testable)}
    used |= {name for name, fixture in manifest.fixtures.items() if fixture.resource is not None}
    used |= {flow.cancellable for flow in manifest.flows.values() if flow.cancellable is not None}
    used |= {
        name
        for alternatives in manifest.inputs.values()
        for alternative in alternatives
        for name in (*alternative.needs, *_fixtures_in(alternative.value))
    }
    used |= {
        name for operation in contract.operations.values() for name in _of_operation(contract, operation)
    }
    used |= {name for probe in contract.probes.values() for name in _fixtures_in(msgspec.to_builtins(probe))}
    used |= {token_fixture(auth) for auth in OTHER_TOKENS}
    for name in manifest.fixtures:
        if name not in used:
            at = ("fixtures", name)
            ways = ", ".join(
                f"{{{way.name}: …}}" for way in PLACEHOLDERS.values() if way.section == "fixtures"
            )
            remedy = (
                f"is used by nothing; name it in a template ({ways}), in `needs`, "
                "or say of which `resource` it names objects; or remove it"
            )
            yield Problem(contract.folder / "contract.yaml", ".".join(at), remedy, at, missing=name)


def _needs(contract: Contract) -> Iterator[Problem]:
    """Needs of rows without which the rows would be shown all the same."""
    file = contract.folder / "requirements.yaml"
    for index, row in enumerate(contract.requirements.values()):
        stated = contract.stated.get(row.id, [])
        if not _needed(row.testable) or any(place.kind not in ("probe", "operation") for place in stated):
            continue
        probes = [contract.probes[place.where] for place in stated if place.kind == "probe"]
        if not probes:
            continue
        used = {name for probe in probes for name in _of_probe(contract, probe)}
        for need in _needed(row.testable):
            if need not in used:
                described = ", ".join(probe.name for probe in probes)
                remedy = f"holds nothing back: {described} can be sent without {need}; use it there, or remove it here"
                at = (index, "testable", "needs")
                yield Problem(file, f"{row.id}.testable.needs", remedy, at, missing=need)


def _said_twice(contract: Contract, invariants: Mapping[int, CompiledInvariant]) -> Iterator[Problem]:
    seen: set[tuple[str, str, str | None]] = set()
    for index, invariant in invariants.items():
        said = invariant.name, invariant.invariant.requirement, invariant.invariant.interpretation
        if said in seen:
            remedy = "is stated twice by the same invariant; remove one of them"
            yield Problem(
                contract.folder / "invariants.yaml", invariant.invariant.requirement, remedy, (index,)
            )
        seen.add(said)


def _needed(testable: object) -> list[str]:
    return testable.needs if isinstance(testable, Testable) else []


def _of_operation(contract: Contract, operation: Operation) -> Iterator[str]:
    if operation.request is not None:
        yield from _fixtures_in(msgspec.to_builtins(operation.request))
    if operation.query is not None:
        yield from _fixtures_in(contract.shapes.document(operation.query))


def _of_probe(contract: Contract, probe: Probe) -> Iterator[str]:
    """The fixtures without which a probe cannot be sent, or may not be."""
    manifest = contract.manifest
    yield from _fixtures_in(msgspec.to_builtins(probe))
    if probe.change.auth in OTHER_TOKENS:
        yield token_fixture(probe.change.auth)
    resources = set(arguments(msgspec.to_builtins(probe), "resources"))
    yield from (name for name, fixture in manifest.fixtures.items() if fixture.resource in resources)
    for flow in arguments(msgspec.to_builtins(probe), "flows"):
        yield from _of_flow(contract, flow)
    operation = contract.operations.get(probe.operation)
    if operation is not None:
        yield from _of_operation(contract, operation)
        yield from _of_inputs(manifest, operation)


def _of_flow(contract: Contract, name: str) -> Iterator[str]:
    flow = contract.flows.get(name)
    for operation in (flow.submit, flow.create) if flow is not None else ():
        if operation is not None:
            yield from _of_operation(contract, operation)
            yield from _of_inputs(contract.manifest, operation)


def _of_inputs(manifest: Manifest, operation: Operation) -> Iterator[str]:
    """The fixtures of the inputs that a request has."""
    request = msgspec.to_builtins(operation.request)
    for kind in {*arguments(request, "inputs"), *(["failing"] if "failing" in manifest.inputs else [])}:
        for alternative in manifest.inputs.get(kind, []):
            yield from alternative.needs
            yield from _fixtures_in(alternative.value)


def _fixtures_in(value: Json) -> Iterator[str]:
    return arguments(value, "fixtures")
