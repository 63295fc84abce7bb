"""Rows and what states them: schemas name rows that exist, and every row that is testable is stated."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from batchproof.contract import pointer
from batchproof.contract.completeness import no_row
from batchproof.contract.model import Invariant, Manifest, Probe, Requirement
from batchproof.contract.problems import Problem, Step
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import ANNOTATION, Shapes, ids_of
from batchproof.contract.statements import statements


def check_schemas(folder: Path, requirements: Mapping[str, Requirement], shapes: Shapes) -> Iterator[Problem]:
    """Keywords that name no row."""
    for file in shapes.files:
        for at, node in subschemas(shapes.document(file)):
            for identifier in sorted(ids_of(node.get(ANNOTATION))):
                if identifier not in requirements:
                    steps = (*pointer.parse(at), ANNOTATION)
                    yield no_row(folder / file, ANNOTATION, identifier, steps)


def check_statements(
    folder: Path,
    manifest: Manifest,
    rows: Mapping[int, Requirement],
    invariants: Mapping[int, tuple[Invariant, frozenset[str]]],
    probes: Sequence[Probe],
    shapes: Shapes,
) -> Iterator[Problem]:
    """Rows that nothing states, and statements of what is no row or cannot be tested."""
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
