"""What must hold between the files of a contract folder."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from batchproof.contract import pointer
from batchproof.contract.completeness import no_row
from batchproof.contract.dialect import check_dialect
from batchproof.contract.kinds import KINDS
from batchproof.contract.kinds.kind import Declared, Written
from batchproof.contract.model import (
    OTHER_TOKENS,
    Invariant,
    Manifest,
    Operation,
    Probe,
    Requirement,
    Testable,
    token_fixture,
)
from batchproof.contract.problems import Problem, Step, undeclared
from batchproof.contract.request_checks import check_requests
from batchproof.contract.shapes import ANNOTATION, Shapes, ids_of, subschemas
from batchproof.contract.statements import statements
from batchproof.contract.states import check_lifecycles, check_states_of_invariant
from batchproof.contract.webhook_checks import check_webhooks

# the functions that an invariant may name; the judge has them
FUNCTIONS = (
    "adds_up",
    "agrees",
    "conforms",
    "distinct",
    "finds_known",
    "keeps",
    "one_to_one",
    "paths_lead",
    "same_id",
    "sorted_by_time",
)
PLACES = (
    "$fixture",
    "$input",
    "$inputs",
    "$label",
    "$known",
    "$unknown",
    "$fresh",
    "$text",
    "$working",
    "$ended",
    "$take",
    "$file",
    "$picture",
)
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


def check(
    folder: Path,
    manifest: Manifest,
    rows: Mapping[int, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Mapping[int, Probe],
    everywhere: Sequence[Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    """Everything that does not fit. ``everywhere`` are all probes, those that the loader makes among them."""
    requirements = {row.id: row for row in rows.values()}
    yield from check_dialect(folder, shapes)
    yield from _check_manifest(folder / "contract.yaml", manifest, shapes)
    yield from check_webhooks(folder / "contract.yaml", manifest, shapes)
    yield from _check_rows(folder / "requirements.yaml", manifest, rows)
    by_name = {probe.name: probe for probe in everywhere}
    yield from _check_invariants(
        folder / "invariants.yaml", manifest, requirements, invariants, by_name, shapes
    )
    yield from _check_probes(folder / "probes.yaml", manifest, requirements, probes)
    yield from _check_schemas(folder, requirements, shapes)
    yield from check_requests(folder, manifest, requirements, shapes)
    yield from _check_statements(folder, manifest, rows, invariants, everywhere, shapes)


def _named(
    file: Path, at: tuple[str, ...], name: str | None, among: Mapping[str, Any], what: str
) -> Iterator[Problem]:
    return undeclared(file, ".".join(at), name, among, what, at)


def _check_manifest(file: Path, manifest: Manifest, shapes: Shapes) -> Iterator[Problem]:
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
            yield from _check_template(file, ".".join(at), alternative.value, manifest, (*at, index, "value"))
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
            yield from _check_template(file, ".".join((*here, part)), value, manifest, (*here, part))


def _check_template(
    file: Path, key: str, value: Any, manifest: Manifest, at: tuple[Step, ...]
) -> Iterator[Problem]:
    for within, node in _nodes(value):
        here = (*at, *within)
        if len(node) == 1 and (place := next(iter(node))).startswith("$") and place not in PLACES:
            remedy = f"{place} is no place of a template; use one of: {', '.join(PLACES)}"
            yield Problem(file, key, remedy, (*here, place))
        unknown = node.get("$unknown", "")
        if not isinstance(unknown, str) and unknown != {"format": "uuid"}:
            yield Problem(file, key, "$unknown takes a prefix, or {format: uuid}", (*here, "$unknown"))
        size = node.get("$text", 1)
        if type(size) is not int or size < 1:
            yield Problem(file, key, "$text takes a number of characters", (*here, "$text"))
        for place, (what, among) in _declared(manifest).items():
            if place in node and not isinstance(node[place], str):
                yield Problem(file, key, f"{place} takes the name of a {what}", (*here, place))
            else:
                yield from undeclared(file, key, node.get(place), among, what, (*here, place))


def _declared(manifest: Manifest) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """The places that name something which contract.yaml declares."""
    return {
        "$fixture": ("fixture", manifest.fixtures),
        "$inputs": ("kind of input", manifest.inputs),
        "$input": ("kind of input", manifest.inputs),
        "$known": ("resource", manifest.resources),
        "$working": ("flow", manifest.flows),
        "$ended": ("flow", manifest.flows),
        "$take": ("fixture", manifest.fixtures),
        "$file": ("fixture", manifest.fixtures),
    }


def _nodes(value: Any, at: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], dict[str, Any]]]:
    if isinstance(value, dict):
        yield at, value
        for key, child in value.items():
            yield from _nodes(child, (*at, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _nodes(child, (*at, index))


def _check_rows(file: Path, manifest: Manifest, rows: Mapping[int, Requirement]) -> Iterator[Problem]:
    documents = manifest.documents
    for index, row in rows.items():
        if not _ID.fullmatch(row.id):
            yield Problem(file, row.id, "an id is lower case words joined by dots", (index, "id"))
        at: tuple[Step, ...] = (index, "source", "document")
        yield from undeclared(
            file, f"{row.id}.source.document", row.source.document, documents, "document", at
        )
        if row.level == "MUST" and row.basis != "documented":
            remedy = f"is a MUST with basis {row.basis}; only documented statements may fail a run"
            yield Problem(file, row.id, remedy, (index, "basis"))
        if row.level == "MUST" and row.draft:
            remedy = (
                "is a MUST and a draft; judge level and sentence, and remove `draft`, or make it a SHOULD"
            )
            yield Problem(file, row.id, remedy, (index, "draft"))
        if row.level == "MUST" and row.interpretations and row.untestable_because is None:
            remedy = (
                "is a MUST with interpretations; where sources contradict each other nothing may fail a run"
            )
            yield Problem(file, row.id, remedy, (index, "level"))
        if row.question is not None and not row.interpretations:
            remedy = "has a question but no interpretations; add them, or remove it"
            yield Problem(file, row.id, remedy, (index, "question"))
        if isinstance(row.testable, Testable):
            at, key = (index, "testable"), f"{row.id}.testable"
            if bool(row.testable.needs) == bool(row.testable.no):
                yield Problem(file, key, "says either what it needs or why it cannot be tested", at)
            for need in row.testable.needs:
                yield from undeclared(
                    file, f"{key}.needs", need, manifest.fixtures, "fixture", (*at, "needs")
                )
        for name, interpretation in row.interpretations.items():
            at = (index, "interpretations", name, "source", "document")
            key = f"{row.id}.interpretations.{name}"
            yield from undeclared(file, key, interpretation.source.document, documents, "document", at)


def _check_invariants(
    file: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Mapping[str, Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    for index, (invariant, variables) in invariants.items():
        key = invariant.requirement
        kind = KINDS[invariant.each]
        yield from kind.problems(Written(file, index, invariant), Declared(manifest, probes))
        yield from check_states_of_invariant(file, manifest, shapes, index, invariant)
        functions = dict.fromkeys(FUNCTIONS)
        yield from undeclared(file, key, invariant.function, functions, "function", (index, "function"))
        unknown = variables - kind.names
        if unknown:
            remedy = f"uses {', '.join(sorted(unknown))}; `each: {kind.name}` knows {', '.join(sorted(kind.names))}"
            part = "rule" if any(name in (invariant.rule or "") for name in unknown) else "when"
            yield Problem(file, key, remedy, (index, part))
        row = requirements.get(invariant.requirement)
        if row is not None and invariant.interpretation is not None:
            yield from undeclared(
                file,
                key,
                invariant.interpretation,
                row.interpretations,
                "interpretation",
                (index, "interpretation"),
            )
        if row is not None and row.interpretations and invariant.interpretation is None:
            remedy = "has interpretations, so its invariants name the interpretation that they show"
            yield Problem(file, key, remedy, (index,))


def _check_probes(
    file: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    probes: Mapping[int, Probe],
) -> Iterator[Problem]:
    for index, probe in probes.items():
        row = requirements.get(probe.requirement)
        interpretations = row.interpretations if row is not None else {}
        for interpretation in probe.interpretations:
            yield from undeclared(
                file,
                f"{probe.name}.interpretations",
                interpretation,
                interpretations,
                "interpretation",
                (index, "interpretations"),
            )
        yield from undeclared(
            file,
            f"{probe.name}.operation",
            probe.operation,
            manifest.operations,
            "operation",
            (index, "operation"),
        )
        yield from undeclared(
            file,
            f"{probe.name}.control.kind",
            probe.control.kind,
            manifest.inputs or {probe.control.kind: None},
            "kind of input",
            (index, "control", "kind"),
        )
        for at in _TEMPLATES:
            value = getattr(getattr(probe, at[0]), at[1])
            yield from _check_template(file, probe.name, value, manifest, (index, *at))
        if probe.change.auth in OTHER_TOKENS:
            needed = token_fixture(probe.change.auth)
            at = ("change", "auth")
            yield from undeclared(
                file,
                f"{probe.name}.change.auth",
                needed,
                manifest.fixtures,
                "fixture",
                (index, *at),
            )
        changes = [name for name in probe.change.__struct_fields__ if _given(getattr(probe.change, name))]
        if len(changes) != 1:
            remedy = "makes exactly one change, so that the refusal has one cause"
            yield Problem(file, f"{probe.name}.change", remedy, (index, "change"))


_TEMPLATES = (
    ("control", "path"),
    ("control", "query"),
    ("control", "headers"),
    ("control", "body"),
    ("change", "path"),
    ("change", "query"),
    ("change", "body"),
)


def _given(value: Any) -> bool:
    return value is not None and value is not msgspec.UNSET


def _check_schemas(
    folder: Path, requirements: Mapping[str, Requirement], shapes: Shapes
) -> Iterator[Problem]:
    for file in shapes.files:
        for at, node in subschemas(shapes.document(file)):
            for identifier in sorted(ids_of(node.get(ANNOTATION))):
                if identifier not in requirements:
                    steps = (*pointer.parse(at), ANNOTATION)
                    yield no_row(folder / file, ANNOTATION, identifier, steps)


def _check_statements(
    folder: Path,
    manifest: Manifest,
    rows: Mapping[int, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Sequence[Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    stated = statements(manifest, shapes, [invariant for invariant, _ in invariants.values()], probes)
    known = {row.id for row in rows.values()}
    for identifier, (place, *_) in stated.items():
        if identifier not in known and place.kind not in ("schema", "generation"):
            name, at = _written(place.kind, identifier, manifest, invariants, probes)
            remedy = f"is stated by {place.kind} {place.where}, but is no row of requirements.yaml"
            yield Problem(folder / name, identifier, remedy, at, missing=identifier)
    file = folder / "requirements.yaml"
    for index, row in rows.items():
        if row.untestable_because is None and row.id not in stated:
            remedy = "is testable, but no schema keyword, invariant, life cycle, probe or operation states it"
            yield Problem(file, row.id, remedy + _only_named(shapes, row.id), (index,), missing=row.id)
        if row.untestable_because is not None and row.id in stated:
            remedy = f"cannot be tested, it says, but {stated[row.id][0].where} tests it"
            yield Problem(file, row.id, remedy, (index, "testable"))


def _written(
    kind: str,
    identifier: str,
    manifest: Manifest,
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Sequence[Probe],
) -> tuple[str, tuple[Step, ...]]:
    """The file and the place that name a requirement first."""
    if kind == "invariant":
        index = next(
            index for index, (invariant, _) in invariants.items() if invariant.requirement == identifier
        )
        return "invariants.yaml", (index, "requirement")
    if kind == "probe":
        index = next(index for index, probe in enumerate(probes) if probe.requirement == identifier)
        return "probes.yaml", (index, "requirement")
    return "contract.yaml", next(_paths_of(msgspec.to_builtins(manifest), identifier), ())


def _paths_of(value: Any, text: str, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if value == text:
        yield at
    children = (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    )
    for step, child in children:
        yield from _paths_of(child, text, (*at, step))


def _only_named(shapes: Shapes, identifier: str) -> str:
    """What to add where a keyword names a requirement, but in a schema that answers are not judged by."""
    for file in shapes.files:
        for at, node in subschemas(shapes.document(file)):
            if identifier in ids_of(node.get(ANNOTATION)):
                requests = file.startswith("requests/")
                why = "in request schemas only x-refused states" if requests else "no answer is judged by it"
                return f"; {file}{at} names it in {ANNOTATION}, but {why}"
    return ""
