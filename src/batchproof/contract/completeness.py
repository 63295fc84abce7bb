"""What a contract folder says about its own completeness: contradictions, empty cells, differences from clients."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from batchproof.contract.model import Client, Contradiction, Hole, Manifest, Requirement
from batchproof.contract.problems import Problem, Step


def check_contradictions(
    file: Path, contradictions: Mapping[int, Contradiction], requirements: Mapping[str, Requirement]
) -> Iterator[Problem]:
    """Each that names neither rows with interpretations nor why it has none."""
    for index, item in contradictions.items():
        if bool(item.rows) == bool(item.untouched):
            remedy = "has either `rows`, or `untouched`: why it touches no operation"
            yield Problem(file, item.name, remedy, (index,))
        for number, identifier in enumerate(item.rows):
            at = (index, "rows", number)
            row = requirements.get(identifier)
            if row is None:
                yield no_row(file, item.name, identifier, at)
            elif not row.interpretations:
                remedy = f"names {identifier}, which has no interpretations; add them to that row"
                yield Problem(file, item.name, remedy, at)


def no_row(file: Path, key: str, identifier: str, at: Iterable[Step]) -> Problem:
    """The problem of a requirement that is named and not there."""
    return Problem(file, key, f"{identifier!r} is no row of requirements.yaml", tuple(at), missing=identifier)


def check_holes(file: Path, holes: Mapping[int, Hole], manifest: Manifest) -> Iterator[Problem]:
    """Each pattern that no operation matches."""
    for index, hole in holes.items():
        for number, pattern in enumerate(hole.operations):
            if not any(fnmatchcase(name, pattern) for name in manifest.operations):
                remedy = "matches no operation; remove it, or name one"
                yield Problem(file, pattern, remedy, (index, "operations", number), missing=pattern)


def check_clients(
    file: Path,
    clients: Mapping[int, Client],
    requirements: Mapping[str, Requirement],
    manifest: Manifest,
) -> Iterator[Problem]:
    """Each requirement and each operation that is not there."""
    for index, client in clients.items():
        for number, item in enumerate(client.stricter):
            for place, identifier in enumerate(item.rows):
                if identifier not in requirements:
                    at = (index, "stricter", number, "rows", place)
                    yield no_row(file, client.package, identifier, at)
        for number, sent in enumerate(client.sent):
            if sent.operation not in manifest.operations:
                remedy = f"names the operation {sent.operation!r}, which is not declared"
                here = (index, "sent", number, "operation")
                yield Problem(file, client.package, remedy, here, missing=sent.operation)


def explained(holes: Sequence[Hole], operations: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """``(operation, aspect, reason)`` for every cell that ``holes.yaml`` gives a reason for."""
    for hole in holes:
        for operation in operations:
            if any(fnmatchcase(operation, pattern) for pattern in hole.operations):
                for aspect in hole.aspects:
                    yield operation, aspect, hole.reason
