"""What must hold between the annotations of request schemas and the requirements that they name."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from batchproof.contract import pointer
from batchproof.contract.completeness import no_row
from batchproof.contract.keywords import GENERATE, REFUSED, keywords, refused_by
from batchproof.contract.model import Manifest, Operation, Requirement
from batchproof.contract.problems import Problem
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import Shapes, ids_of

WAYS = ("free", "open")


def check_requests(
    folder: Path, manifest: Manifest, requirements: Mapping[str, Requirement], shapes: Shapes
) -> Iterator[Problem]:
    """Each ``x-refused``, ``x-generate`` and ``crash`` that does not fit."""
    if manifest.crash is not None:
        yield from _charged(folder / "contract.yaml", "crash", ["crash"], manifest.crash, requirements)
    for file in shapes.files:
        for at, node in subschemas(shapes.document(file)):
            steps = pointer.parse(at)
            if node.get(GENERATE, "free") not in WAYS:
                described = f"is {node[GENERATE]!r}; use one of: {', '.join(WAYS)}"
                yield Problem(folder / file, f"{at}/{GENERATE}", described, (*steps, GENERATE))
            owner = node.get(REFUSED)
            if owner is not None and not isinstance(owner, str | dict):
                described = "names a requirement, or requirements by keyword"
                yield Problem(folder / file, f"{at}/{REFUSED}", described, (*steps, REFUSED))
                continue
            for identifier in sorted(ids_of(owner)):
                key = f"{at}/{REFUSED}"
                yield from _charged(folder / file, key, [*steps, REFUSED], identifier, requirements)


def request_files(operation: Operation) -> Iterator[tuple[str, str]]:
    """The parts of a request that have a schema, each with its file."""
    if operation.request is not None:
        yield "body", operation.request.schema
    if operation.query is not None:
        yield "query", operation.query


def refusals(operation: Operation, shapes: Shapes) -> set[str]:
    """The requirements that an invalid request of the operation can contradict by being accepted."""
    found = {
        refused_by(shapes, file, path)
        for _, file in request_files(operation)
        for path in keywords(shapes, file)
    }
    return {identifier for identifier in found if identifier is not None}


def _charged(
    file: Path, key: str, at: list[str], identifier: str, requirements: Mapping[str, Requirement]
) -> Iterator[Problem]:
    row = requirements.get(identifier)
    if row is None:
        yield no_row(file, key, identifier, at)
    elif row.level == "MAY" or row.interpretations or row.untestable_because is not None:
        described = (
            f"{identifier} forbids nothing that can be tested; name a MUST or SHOULD without interpretations"
        )
        yield Problem(file, key, described, tuple(at))
