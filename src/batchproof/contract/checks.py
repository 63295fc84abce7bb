"""What must hold between the files of a contract folder. Each check raises one ``ContractError``."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from batchproof.contract.dialect import check_dialect
from batchproof.contract.errors import ContractError
from batchproof.contract.model import OTHER_TOKENS, Law, Manifest, Probe, Requirement, token_fixture
from batchproof.contract.request_checks import check_requests
from batchproof.contract.shapes import Shapes
from batchproof.contract.statements import OF_OPERATIONS, operations_showing, statements
from batchproof.contract.states import check_lifecycles, check_states_of_law
from batchproof.contract.webhook_checks import check_law, check_webhooks

# when the run began, and when what a law looks at was asked for and answered: CEL timestamps
WALL_TIME = frozenset({"started_at", "asked_at", "answered_at"})
_EXCHANGE = WALL_TIME | {
    "request",
    "query",
    "path",
    "response",
    "status",
    "headers",
    "oddities",
    "media_type",
}
LAW_VARIABLES: dict[str, frozenset[str]] = {
    "sighting": WALL_TIME | {"self", "request", "created"},
    "step": WALL_TIME | {"self", "oldSelf"},
    "comparison": WALL_TIME | {"self", "oldSelf"},
    "exchange": _EXCHANGE | {"shown_before"},
    "call": _EXCHANGE | {"before", "deleted", "after"},
    "row": WALL_TIME | {"row", "query", "path", "reachable"},
    "walk": WALL_TIME
    | {
        "rows",
        "query",
        "pages",
        "about",
        "owner",
        "request",
        "deleted",
        "known",
        "still",
        "details",
        "later",
    },
    "owned": WALL_TIME | {"query", "request", "owner", "rows", "others"},
    "twin": frozenset({"row", "self"}),
    "pair": _EXCHANGE | {"first"},
    "reference": WALL_TIME | {"self", "named", "status"},
    "delivery": frozenset({"event", "headers", "method", "self", "created", "request", "after", "earlier"}),
}
# the functions that a law may name; the judge has them
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
    requirements: Mapping[str, Requirement],
    laws: Sequence[tuple[Law, frozenset[str]]],
    probes: Sequence[Probe],
    shapes: Shapes,
) -> None:
    """Raises ``ContractError`` for the first thing that does not fit."""
    check_dialect(folder, shapes)
    _check_manifest(folder / "contract.yaml", manifest, shapes)
    check_webhooks(folder / "contract.yaml", manifest, shapes)
    _check_rows(folder / "requirements.yaml", manifest, requirements)
    by_name = {probe.name: probe for probe in probes}
    _check_laws(folder / "laws.yaml", manifest, requirements, laws, by_name, shapes)
    _check_probes(folder / "probes.yaml", manifest, requirements, probes)
    _check_schemas(folder, requirements, shapes)
    check_requests(folder, manifest, requirements, shapes)
    _check_statements(folder, manifest, requirements, [law for law, _ in laws], probes, shapes)


def _known(file: Path, key: str, name: str | None, among: Mapping[str, Any], what: str) -> None:
    if name is not None and name not in among:
        raise ContractError(
            file,
            key,
            f"names the {what} {name!r}, which is not declared; declare it or use one of: {', '.join(among)}",
        )


def _check_manifest(file: Path, manifest: Manifest, shapes: Shapes) -> None:
    operations = manifest.operations
    _known(file, "preflight", manifest.preflight, operations, "operation")
    if "{" in operations[manifest.preflight].path:
        raise ContractError(
            file, "preflight", f"names {manifest.preflight}, which needs an id; name a read that needs none"
        )
    shapes.validator(manifest.error)
    for name, operation in operations.items():
        key = f"operations.{name}"
        _known(file, f"{key}.document", operation.document, manifest.documents, "document")
        _known(file, f"{key}.reads", operation.reads, manifest.resources, "resource")
        _known(file, f"{key}.creates", operation.creates, manifest.resources, "resource")
        if operation.deletes is not None:
            _known(file, f"{key}.deletes", operation.deletes.resource, manifest.resources, "resource")
        for shown in operation.success.shows:
            _known(file, f"{key}.success.shows", shown.resource, manifest.resources, "resource")
        if operation.query is not None:
            shapes.validator(operation.query)
        if operation.owner is not None:
            _known(file, f"{key}.owner", operation.owner.resource, manifest.resources, "resource")
            query = shapes.document(operation.query) if operation.query is not None else {}
            parameters = query.get("properties", {})
            _known(file, f"{key}.owner", operation.owner.parameter, parameters, "query parameter")
        if not operation.success.statuses or not all(
            200 <= status < 300 for status in operation.success.statuses
        ):
            raise ContractError(
                file, f"{key}.success.status", "names the statuses of a success, each from 200 to 299"
            )
        shapes.validator(operation.success.schema)
        if operation.request is not None:
            shapes.validator(operation.request.schema)
            _check_template(file, f"{key}.request.body", operation.request.body, manifest)
            _check_template(file, f"{key}.request.multipart", operation.request.multipart, manifest)
            _check_template(file, f"{key}.request.path", operation.request.path, manifest)
    for name, resource in manifest.resources.items():
        _known(file, f"resources.{name}.lifecycle", resource.lifecycle, manifest.lifecycles, "life cycle")
        for named in resource.refers:
            _known(file, f"resources.{name}.refers", named, manifest.resources, "resource")
    check_lifecycles(file, manifest, shapes)
    for name, lifecycle in manifest.lifecycles.items():
        for state in lifecycle.terminal:
            if lifecycle.edges.get(state):
                raise ContractError(
                    file, f"lifecycles.{name}.edges.{state}", "leaves a terminal state; remove the edge"
                )
    for name, fixture in manifest.fixtures.items():
        _known(file, f"fixtures.{name}.resource", fixture.resource, manifest.resources, "resource")
        if fixture.discover is not None:
            _known(file, f"fixtures.{name}.discover", fixture.discover.operation, operations, "operation")
    for name, alternatives in manifest.inputs.items():
        for alternative in alternatives:
            for need in alternative.needs:
                _known(file, f"inputs.{name}.needs", need, manifest.fixtures, "fixture")
            _check_template(file, f"inputs.{name}", alternative.value, manifest)
    for name, flow in manifest.flows.items():
        for part in flow.__struct_fields__:
            among: Mapping[str, Any] = manifest.fixtures if part == "cancellable" else operations
            _known(
                file,
                f"flows.{name}.{part}",
                getattr(flow, part),
                among,
                "fixture" if part == "cancellable" else "operation",
            )


def _check_template(file: Path, key: str, value: Any, manifest: Manifest) -> None:
    for node in _nodes(value):
        if len(node) == 1 and (place := next(iter(node))).startswith("$") and place not in PLACES:
            raise ContractError(
                file, key, f"{place} is no place of a template; use one of: {', '.join(PLACES)}"
            )
        unknown = node.get("$unknown", "")
        if not isinstance(unknown, str) and unknown != {"format": "uuid"}:
            raise ContractError(file, key, "$unknown takes a prefix, or {format: uuid}")
        size = node.get("$text", 1)
        if type(size) is not int or size < 1:
            raise ContractError(file, key, "$text takes a number of characters")
        _known(file, key, node.get("$fixture"), manifest.fixtures, "fixture")
        _known(file, key, node.get("$inputs"), manifest.inputs, "kind of input")
        _known(file, key, node.get("$input"), manifest.inputs, "kind of input")
        _known(file, key, node.get("$known"), manifest.resources, "resource")
        for place in ("$working", "$ended"):
            _known(file, key, node.get(place), manifest.flows, "flow")
        for place in ("$take", "$file"):
            _known(file, key, node.get(place), manifest.fixtures, "fixture")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)


def _check_rows(file: Path, manifest: Manifest, requirements: Mapping[str, Requirement]) -> None:
    for row in requirements.values():
        if not _ID.fullmatch(row.id):
            raise ContractError(file, row.id, "an id is lower case words joined by dots")
        _known(file, f"{row.id}.source.document", row.source.document, manifest.documents, "document")
        if row.level == "MUST" and row.basis != "documented":
            raise ContractError(
                file, row.id, f"is a MUST with basis {row.basis}; only documented statements may fail a run"
            )
        if row.level == "MUST" and row.readings and row.untestable_because is None:
            raise ContractError(
                file,
                row.id,
                "is a MUST with readings; where sources contradict each other nothing may fail a run",
            )
        if row.question is not None and not row.readings:
            raise ContractError(file, row.id, "has a question but no readings; add them, or remove it")
        if row.testable != "black-box":
            if bool(row.testable.needs) == bool(row.testable.no):
                raise ContractError(
                    file, f"{row.id}.testable", "says either what it needs or why it cannot be tested"
                )
            for need in row.testable.needs:
                _known(file, f"{row.id}.testable.needs", need, manifest.fixtures, "fixture")
        for name, reading in row.readings.items():
            _known(file, f"{row.id}.readings.{name}", reading.source.document, manifest.documents, "document")


def _check_laws(
    file: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    laws: Sequence[tuple[Law, frozenset[str]]],
    probes: Mapping[str, Probe],
    shapes: Shapes,
) -> None:
    for law, variables in laws:
        if law.each == "pair":
            _known(file, law.requirement, law.on, probes, "probe")
        elif law.each == "delivery":
            check_law(file, manifest, law)
        else:
            _check_law_on(file, manifest, law)
        check_states_of_law(file, manifest, shapes, law)
        if law.function is not None:
            _known(file, law.requirement, law.function, dict.fromkeys(FUNCTIONS), "function")
        unknown = variables - LAW_VARIABLES[law.each]
        if unknown:
            raise ContractError(
                file,
                law.requirement,
                f"uses {', '.join(sorted(unknown))}; `each: {law.each}` knows {', '.join(sorted(LAW_VARIABLES[law.each]))}",
            )
        row = requirements.get(law.requirement)
        if row is not None and law.reading is not None:
            _known(file, law.requirement, law.reading, row.readings, "reading")
        if row is not None and row.readings and law.reading is None:
            raise ContractError(
                file, law.requirement, "has readings, so its laws name the reading that they show"
            )


def _check_law_on(file: Path, manifest: Manifest, law: Law) -> None:
    of_operations = law.each in OF_OPERATIONS
    among: Mapping[str, Any] = manifest.operations if of_operations else manifest.resources
    if law.each == "exchange":
        among = {**among, "*": None}
    _known(file, law.requirement, law.on, among, "operation" if of_operations else "resource")
    if law.each in ("row", "walk", "owned") and manifest.operations[law.on].pages is None:
        raise ContractError(file, law.requirement, f"is about the rows of {law.on}, which declares no pages")
    if law.each == "owned" and manifest.operations[law.on].owner is None:
        raise ContractError(
            file, law.requirement, f"is about what others own, and {law.on} declares no owner"
        )
    if law.each in ("sighting", "step", "comparison", "twin", "reference") and not operations_showing(
        manifest, law.on, law.view
    ):
        raise ContractError(
            file, law.requirement, f"is about {law.on}, which no operation shows in this view"
        )
    if (law.to is None) is (law.each == "reference"):
        raise ContractError(
            file, law.requirement, "names in `to` what it refers to, as `each: reference` does"
        )
    _known(file, law.requirement, law.to, manifest.resources[law.on].refers if law.to else {}, "reference")


def _check_probes(
    file: Path, manifest: Manifest, requirements: Mapping[str, Requirement], probes: Sequence[Probe]
) -> None:
    for probe in probes:
        row = requirements.get(probe.requirement)
        for reading in probe.readings:
            _known(
                file, f"{probe.name}.readings", reading, row.readings if row is not None else {}, "reading"
            )
        _known(file, f"{probe.name}.operation", probe.operation, manifest.operations, "operation")
        _known(
            file,
            f"{probe.name}.twin.kind",
            probe.twin.kind,
            manifest.inputs or {probe.twin.kind: None},
            "kind of input",
        )
        for part in (
            probe.twin.path,
            probe.twin.query,
            probe.twin.headers,
            probe.twin.body,
            probe.change.path,
            probe.change.query,
            probe.change.body,
        ):
            _check_template(file, probe.name, part, manifest)
        if probe.change.auth in OTHER_TOKENS:
            needed = token_fixture(probe.change.auth)
            _known(file, f"{probe.name}.change.auth", needed, manifest.fixtures, "fixture")
        changes = [name for name in probe.change.__struct_fields__ if _given(getattr(probe.change, name))]
        if len(changes) != 1:
            raise ContractError(
                file, f"{probe.name}.change", "makes exactly one change, so that the refusal has one cause"
            )


def _given(value: Any) -> bool:
    return value is not None and value is not msgspec.UNSET


def _check_schemas(folder: Path, requirements: Mapping[str, Requirement], shapes: Shapes) -> None:
    for file in shapes.files:
        for identifier in sorted(shapes.stated(file)):
            if identifier not in requirements:
                raise ContractError(
                    folder / file, "x-requirement", f"{identifier!r} is no row of requirements.yaml"
                )


def _check_statements(
    folder: Path,
    manifest: Manifest,
    requirements: Mapping[str, Requirement],
    laws: Sequence[Law],
    probes: Sequence[Probe],
    shapes: Shapes,
) -> None:
    stated = statements(manifest, shapes, laws, probes)
    for identifier, places in stated.items():
        if identifier not in requirements:
            raise ContractError(
                folder,
                identifier,
                f"is stated by {places[0].kind} {places[0].where}, but is no row of requirements.yaml",
            )
    rows = folder / "requirements.yaml"
    for row in requirements.values():
        if row.untestable_because is None and row.id not in stated:
            raise ContractError(
                rows,
                row.id,
                "is testable, but no schema keyword, law, life cycle, probe or operation states it",
            )
        if row.untestable_because is not None and row.id in stated:
            raise ContractError(
                rows, row.id, f"cannot be tested, it says, but {stated[row.id][0].where} tests it"
            )
