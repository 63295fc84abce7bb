"""What a contract folder says about its own completeness: contradictions of the documentation, and empty cells."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from batchproof.contract.errors import ContractError
from batchproof.contract.model import Contradiction, Hole, Manifest, Requirement


def check_contradictions(
    file: Path, contradictions: Sequence[Contradiction], requirements: Mapping[str, Requirement]
) -> None:
    """Raises ``ContractError`` for one that names neither rows with readings nor why it has none."""
    for item in contradictions:
        if bool(item.rows) == bool(item.untouched):
            raise ContractError(
                file, item.name, "has either `rows`, or `untouched`: why it touches no operation"
            )
        for identifier in item.rows:
            row = requirements.get(identifier)
            if row is None:
                raise ContractError(file, item.name, f"{identifier!r} is no row of requirements.yaml")
            if not row.readings:
                raise ContractError(
                    file, item.name, f"names {identifier}, which has no readings; add them to that row"
                )


def check_holes(file: Path, holes: Sequence[Hole], manifest: Manifest) -> None:
    """Raises ``ContractError`` for a pattern that no operation matches."""
    for hole in holes:
        for pattern in hole.operations:
            if not any(fnmatchcase(name, pattern) for name in manifest.operations):
                raise ContractError(file, pattern, "matches no operation; remove it, or name one")


def explained(holes: Sequence[Hole], operations: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """``(operation, aspect, reason)`` for every cell that ``holes.yaml`` gives a reason for."""
    for hole in holes:
        for operation in operations:
            if any(fnmatchcase(operation, pattern) for pattern in hole.operations):
                for aspect in hole.aspects:
                    yield operation, aspect, hole.reason
