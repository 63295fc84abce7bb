"""Where each requirement is stated: the schema keyword, invariant, life cycle, probe or operation that tests it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.kind import Declared
from batchproof.contract.model import Invariant, Manifest, Probe
from batchproof.contract.request_checks import refusals
from batchproof.contract.shapes import Shapes
from batchproof.contract.shown import operations_showing
from batchproof.contract.webhooks import RECEIVER, Webhooks


class Statement(NamedTuple):
    """One place that tests a requirement."""

    requirement: str
    kind: str  # "schema", "invariant", "life cycle", "probe", "operation", "generation", "webhook"
    where: str
    operations: frozenset[str]


def statements(
    manifest: Manifest, shapes: Shapes, invariants: Sequence[Invariant], probes: Sequence[Probe]
) -> dict[str, list[Statement]]:
    """Every statement, by requirement id."""
    index: dict[str, list[Statement]] = defaultdict(list)
    for statement in _all(manifest, shapes, invariants, probes):
        index[statement.requirement].append(statement)
    if manifest.webhooks is not None:
        for statement in _of_webhooks(manifest.webhooks, shapes):
            # what answers show as well is told of the answers only
            if statement.kind != "schema" or statement.requirement not in index:
                index[statement.requirement].append(statement)
    return dict(index)


def _all(
    manifest: Manifest, shapes: Shapes, invariants: Sequence[Invariant], probes: Sequence[Probe]
) -> Iterator[Statement]:
    everything = frozenset(manifest.operations)
    for identifier in sorted(shapes.stated(manifest.error)):
        yield Statement(identifier, "schema", manifest.error, everything)
    if manifest.crash is not None:
        yield Statement(manifest.crash, "generation", "every generated request", everything)
    for name, operation in manifest.operations.items():
        here = frozenset({name})
        for identifier in sorted(refusals(operation, shapes)):
            yield Statement(identifier, "generation", f"{name}: x-refused", here)
        yield Statement(operation.success.requirement, "operation", f"{name}: success", here)
        yield Statement(operation.errors.requirement, "operation", f"{name}: errors", here)
        if operation.pages is not None and operation.pages.answered is not None:
            yield Statement(operation.pages.answered, "operation", f"{name}: pages", here)
        if operation.pages is not None and operation.pages.leads is not None:
            yield Statement(operation.pages.leads, "operation", f"{name}: pages", here)
        if operation.deletes is not None:
            yield Statement(operation.deletes.requirement, "operation", f"{name}: deletes", here)
            yield Statement(operation.deletes.list_requirement, "operation", f"{name}: deletes", here)
        for identifier in sorted(shapes.stated(operation.success.schema)):
            yield Statement(identifier, "schema", operation.success.schema, here)
    declared = Declared(manifest, {probe.name: probe for probe in probes})
    for invariant in invariants:
        described = invariant.rule or invariant.function or ""
        shown = KINDS[invariant.each].operations(invariant, declared)
        yield Statement(invariant.requirement, "invariant", described, shown)
    for name, lifecycle in manifest.lifecycles.items():
        resources = [key for key, resource in manifest.resources.items() if resource.lifecycle == name]
        shown = frozenset().union(*(operations_showing(manifest, resource) for resource in resources))
        if lifecycle.requirement is not None:
            yield Statement(lifecycle.requirement, "life cycle", name, shown)
        yield Statement(lifecycle.terminal_requirement, "life cycle", name, shown)
    for probe in probes:
        yield Statement(probe.requirement, "probe", probe.name, frozenset({probe.operation}))


def _of_webhooks(webhooks: Webhooks, shapes: Shapes) -> Iterator[Statement]:
    here = frozenset({RECEIVER})
    signature = webhooks.signature
    yield Statement(webhooks.envelope.requirement, "webhook", "envelope", here)
    yield Statement(signature.requirement, "webhook", "signature", here)
    yield Statement(signature.timestamp.requirement, "webhook", "timestamp", here)
    if signature.timestamp.fresh is not None:
        yield Statement(signature.timestamp.fresh.requirement, "webhook", "freshness", here)
    for name, header in webhooks.headers.items():
        yield Statement(header.requirement, "webhook", f"header {name}", here)
    for name, event in webhooks.events.items():
        yield Statement(event.requirement, "webhook", f"{name}: payload", here)
        if event.ended is not None:
            yield Statement(event.ended.requirement, "webhook", f"{name}: status", here)
            yield Statement(event.ended.after_requirement, "webhook", f"{name}: afterwards", here)
    for file in dict.fromkeys(
        [webhooks.envelope.schema, *(event.schema for event in webhooks.events.values())]
    ):
        for identifier in sorted(shapes.stated(file)):
            yield Statement(identifier, "schema", file, here)
