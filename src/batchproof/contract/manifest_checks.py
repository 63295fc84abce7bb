"""What `contract.yaml` names has to be declared there, and its parts have to fit each other."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from batchproof.contract.model import Manifest, Operation
from batchproof.contract.problems import Problem, undeclared
from batchproof.contract.shapes import Shapes
from batchproof.contract.states import check_lifecycles
from batchproof.contract.template_checks import check_template


def check_manifest(file: Path, manifest: Manifest, shapes: Shapes) -> Iterator[Problem]:
    """Everything that does not fit."""
    operations = manifest.operations
    yield from _named(file, ("preflight",), manifest.preflight, operations, "operation")
    if manifest.preflight in operations and "{" in operations[manifest.preflight].path:
        remedy = f"names {manifest.preflight}, which needs an id; name a read that needs none"
        yield Problem(file, "preflight", remedy, ("preflight",))
    yield from shapes.unusable(manifest.error, file, ("error",))
    for name, operation in operations.items():
        yield from _check_operation(file, ("operations", name), operation, manifest, shapes)
    for name, resource in manifest.resources.items():
        at = ("resources", name)
        yield from _named(file, (*at, "lifecycle"), resource.lifecycle, manifest.lifecycles, "life cycle")
        for named in resource.refers:
            yield from _named(file, (*at, "refers"), named, manifest.resources, "resource")
    yield from check_lifecycles(file, manifest, shapes)
    for name, lifecycle in manifest.lifecycles.items():
        for state in lifecycle.terminal:
            if lifecycle.edges.get(state):
                edge = ("lifecycles", name, "edges", state)
                yield Problem(file, ".".join(edge), "leaves a terminal state; remove the edge", edge)
    for name, fixture in manifest.fixtures.items():
        at = ("fixtures", name)
        yield from _named(file, (*at, "resource"), fixture.resource, manifest.resources, "resource")
        if fixture.discover is not None:
            yield from _named(file, (*at, "discover"), fixture.discover.operation, operations, "operation")
    for name, alternatives in manifest.inputs.items():
        for index, alternative in enumerate(alternatives):
            at = ("inputs", name)
            for need in alternative.needs:
                key = ".".join((*at, "needs"))
                yield from undeclared(file, key, need, manifest.fixtures, "fixture", (*at, index, "needs"))
            yield from check_template(file, ".".join(at), alternative.value, manifest, (*at, index, "value"))
    for name, flow in manifest.flows.items():
        for part in flow.__struct_fields__:
            fixtures = part == "cancellable"
            among: Mapping[str, Any] = manifest.fixtures if fixtures else operations
            yield from _named(
                file,
                ("flows", name, part),
                getattr(flow, part),
                among,
                "fixture" if fixtures else "operation",
            )


def _check_operation(
    file: Path, at: tuple[str, ...], operation: Operation, manifest: Manifest, shapes: Shapes
) -> Iterator[Problem]:
    resources = manifest.resources
    yield from _named(file, (*at, "document"), operation.document, manifest.documents, "document")
    yield from _named(file, (*at, "reads"), operation.reads, resources, "resource")
    yield from _named(file, (*at, "creates"), operation.creates, resources, "resource")
    if operation.deletes is not None:
        yield from _named(file, (*at, "deletes"), operation.deletes.resource, resources, "resource")
    for shown in operation.success.shows:
        yield from _named(file, (*at, "success", "shows"), shown.resource, resources, "resource")
    if operation.query is not None:
        yield from shapes.unusable(operation.query, file, (*at, "query"))
    if operation.owner is not None:
        yield from _named(file, (*at, "owner"), operation.owner.resource, resources, "resource")
        query = shapes.document(operation.query) if operation.query is not None else {}
        parameters = query.get("properties", {})
        yield from _named(file, (*at, "owner"), operation.owner.parameter, parameters, "query parameter")
    if not operation.success.statuses or not all(
        200 <= status < 300 for status in operation.success.statuses
    ):
        here = (*at, "success", "status")
        yield Problem(file, ".".join(here), "names the statuses of a success, each from 200 to 299", here)
    yield from shapes.unusable(operation.success.schema, file, (*at, "success", "schema"))
    if operation.pages is not None and not operation.success.shows:
        remedy = (
            "says how a list is paged, and `success` does not say what its rows show; write `shows` there"
        )
        yield Problem(file, ".".join((*at, "pages")), remedy, (*at, "pages"))
    if operation.request is not None:
        here = (*at, "request")
        yield from shapes.unusable(operation.request.schema, file, (*here, "schema"))
        for part in ("body", "multipart", "path"):
            value = getattr(operation.request, part)
            yield from check_template(file, ".".join((*here, part)), value, manifest, (*here, part))


def _named(
    file: Path, at: tuple[str, ...], name: str | None, among: Mapping[str, Any], what: str
) -> Iterator[Problem]:
    return undeclared(file, ".".join(at), name, among, what, at)
