"""Operations against aspects: how many requirements each pair has, and why a pair has none."""

from collections.abc import Mapping
from typing import NamedTuple, get_args

from batchproof.contract import Contract
from batchproof.contract.completeness import explained
from batchproof.contract.linked import Operation
from batchproof.contract.model import Aspect

ASPECTS: tuple[str, ...] = get_args(Aspect)
_OF_EVERY_REQUEST = ("auth", "version")


class Cell(NamedTuple):
    """How many testable requirements there are; ``reason`` says why there is none, None when nobody says why."""

    requirements: int
    reason: str | None


def grid(contract: Contract) -> dict[str, dict[str, Cell]]:
    """Every operation of the contract with every aspect. What the contract gives as a reason goes first."""
    counts = {name: _counts(contract, name) for name in contract.manifest.operations}
    given = {
        (operation, aspect): reason
        for operation, aspect, reason in explained(contract.holes, list(contract.manifest.operations))
    }
    return {
        name: {
            aspect: Cell(
                count,
                None if count else given.get((name, aspect)) or _obvious(contract, name, aspect, counts),
            )
            for aspect, count in row.items()
        }
        for name, row in counts.items()
    }


def unexplained(contract: Contract) -> list[tuple[str, str]]:
    """The pairs that have neither a requirement nor a reason."""
    return [
        (operation, aspect)
        for operation, row in grid(contract).items()
        for aspect, cell in row.items()
        if not cell.requirements and cell.reason is None
    ]


def stale(contract: Contract) -> list[tuple[str, str]]:
    """The pairs that have a requirement although the contract says why there is none."""
    cells = grid(contract)
    return sorted(
        {
            (operation, aspect)
            for operation, aspect, _ in explained(contract.holes, list(contract.manifest.operations))
            if cells[operation][aspect].requirements
        }
    )


def _counts(contract: Contract, operation: str) -> dict[str, int]:
    rows = [
        row
        for row in contract.requirements.values()
        if row.untestable_because is None and operation in contract.operations_of(row.id)
    ]
    return {aspect: sum(row.aspect == aspect for row in rows) for aspect in ASPECTS}


def _obvious(
    contract: Contract, name: str, aspect: str, counts: Mapping[str, Mapping[str, int]]
) -> str | None:
    """The reason that follows from what the operation is, whoever the vendor."""
    operation = contract.operation(name)
    if aspect == "pagination" and operation.pages is None:
        return "It is no list that is read in pages."
    if aspect == "webhook":
        return "A delivery is no answer of an operation."
    if aspect == "transition" and not _moves(operation):
        return "It shows no object that has a life cycle."
    if aspect in _OF_EVERY_REQUEST:
        tested = [other for other, row in counts.items() if row[aspect]]
        if tested:
            return f"It is the same in every request, and tested with {', '.join(tested)}."
    return None


def _moves(operation: Operation) -> bool:
    return any(shown.resource.lifecycle is not None for shown in operation.success.shows)
