"""What must hold between the annotations of request schemas and the requirements that they name."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from batchproof.contract.errors import ContractError
from batchproof.contract.keywords import GENERATE, REFUSED, keywords, refused_by
from batchproof.contract.model import Manifest, Operation, Requirement
from batchproof.contract.shapes import Shapes, ids_of, subschemas

WAYS = ("free", "open")


def check_requests(
    folder: Path, manifest: Manifest, requirements: Mapping[str, Requirement], shapes: Shapes
) -> None:
    """Raises ``ContractError`` for an ``x-refused``, an ``x-generate`` or a ``crash`` that does not fit."""
    if manifest.crash is not None:
        _charged(folder / "contract.yaml", "crash", manifest.crash, requirements)
    for file in shapes.files:
        for at, node in subschemas(shapes.document(file)):
            if node.get(GENERATE, "free") not in WAYS:
                told = f"is {node[GENERATE]!r}; use one of: {', '.join(WAYS)}"
                raise ContractError(folder / file, f"{at}/{GENERATE}", told)
            for identifier in sorted(_named(folder / file, at, node.get(REFUSED))):
                _charged(folder / file, f"{at}/{REFUSED}", identifier, requirements)


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


def _named(file: Path, at: str, owner: Any) -> set[str]:
    if owner is not None and not isinstance(owner, str | dict):
        raise ContractError(file, f"{at}/{REFUSED}", "names a requirement, or requirements by keyword")
    return ids_of(owner)


def _charged(file: Path, key: str, identifier: str, requirements: Mapping[str, Requirement]) -> None:
    row = requirements.get(identifier)
    if row is None:
        raise ContractError(file, key, f"{identifier!r} is no row of requirements.yaml")
    if row.level == "MAY" or row.readings or row.untestable_because is not None:
        told = f"{identifier} forbids nothing that can be tested; name a MUST or SHOULD without readings"
        raise ContractError(file, key, told)
