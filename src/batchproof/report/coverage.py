"""How much of the documentation is tested: per contract, per document, and operations against aspects."""

from collections.abc import Iterable, Iterator, Mapping

from batchproof.contract import Contract
from batchproof.contract.model import Requirement
from batchproof.json_values import JsonObject
from batchproof.report.grid import Cell, grid, unexplained


def coverage(contract: Contract) -> JsonObject:
    """The numbers as plain JSON values; the same contract gives the same value."""
    rows = list(contract.requirements.values())
    cells = grid(contract)
    return {
        "contract": contract.id,
        "catalogue_sha256": contract.catalogue_sha256(),
        "statements": len(rows),
        "tested": sum(_tested(row) for row in rows),
        "unsettled": sum(bool(row.interpretations) and row.untestable_because is None for row in rows),
        "not_testable": sum(row.untestable_because is not None for row in rows),
        "documents": [_document(contract, name, rows) for name in contract.manifest.documents],
        "operations": {
            name: {aspect: cell.requirements for aspect, cell in row.items()} for name, row in cells.items()
        },
        "holes": _holes(cells),
        "reasons": {row.id: row.untestable_because for row in rows if row.untestable_because is not None},
    }


def coverage_lines(contract: Contract) -> Iterator[str]:
    """The numbers as text: one line a document, then what cannot be tested and why."""
    described = coverage(contract)
    yield (
        f"{contract.id}: {described['statements']} statements, {described['tested']} tested, "
        f"{described['unsettled']} unsettled, {described['not_testable']} not testable"
    )
    for document in described["documents"]:
        yield f"  {document['document']}: {document['tested']} of {document['statements']} tested"
    cells = [cell for row in grid(contract).values() for cell in row.values()]
    filled = sum(bool(cell.requirements) for cell in cells)
    missing = unexplained(contract)
    yield (
        f"operations x aspects: {len(cells)} pairs, {filled} with requirements, "
        f"{len(cells) - filled - len(missing)} with a reason"
    )
    for operation, aspect in missing:
        yield f"  neither a requirement nor a reason: {operation}, {aspect}"
    yield "not testable:"
    for identifier, reason in described["reasons"].items():
        yield f"  {identifier}"
        yield f"    {reason}"


def _document(contract: Contract, name: str, rows: Iterable[Requirement]) -> JsonObject:
    of_it = [row for row in rows if row.source.document == name]
    return {
        "document": name,
        "url": contract.manifest.documents[name].url,
        "statements": len(of_it),
        "tested": sum(_tested(row) for row in of_it),
        "unsettled": sum(bool(row.interpretations) and row.untestable_because is None for row in of_it),
        "not_testable": sum(row.untestable_because is not None for row in of_it),
    }


def _holes(cells: Mapping[str, Mapping[str, Cell]]) -> dict[str, dict[str, str | None]]:
    """Why an operation has no requirement of an aspect, by operation and aspect."""
    empty = {
        name: {aspect: cell.reason for aspect, cell in row.items() if not cell.requirements}
        for name, row in cells.items()
    }
    return {name: reasons for name, reasons in empty.items() if reasons}


def _tested(row: Requirement) -> bool:
    return row.untestable_because is None and not row.interpretations
