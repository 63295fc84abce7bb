"""What a contract folder says about its own completeness: contradictions, empty cells, differences from clients."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from batchproof.contract.errors import ContractError
from batchproof.contract.model import Client, Contradiction, Hole, Manifest, Requirement


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


def check_clients(
    file: Path, clients: Sequence[Client], requirements: Mapping[str, Requirement], manifest: Manifest
) -> None:
    """Raises ``ContractError`` for a requirement or an operation that is not there."""
    for client in clients:
        for identifier in (row for item in client.stricter for row in item.rows):
            if identifier not in requirements:
                raise ContractError(file, client.package, f"{identifier!r} is no row of requirements.yaml")
        for item in client.sent:
            if item.operation not in manifest.operations:
                raise ContractError(
                    file, client.package, f"names the operation {item.operation!r}, which is not declared"
                )


def explained(holes: Sequence[Hole], operations: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """``(operation, aspect, reason)`` for every cell that ``holes.yaml`` gives a reason for."""
    for hole in holes:
        for operation in operations:
            if any(fnmatchcase(operation, pattern) for pattern in hole.operations):
                for aspect in hole.aspects:
                    yield operation, aspect, hole.reason
