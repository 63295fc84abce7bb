"""How much of the documentation is tested: per contract, per document, and operations against aspects."""

from collections.abc import Iterable, Iterator, Mapping

from batchproof.contract import Contract
from batchproof.contract.model import Requirement
from batchproof.json_values import JsonObject
from batchproof.report.grid import ASPECTS, Cell, grid, unexplained


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


def coverage_page(contracts: Iterable[Contract]) -> str:
    """``docs/coverage.md``."""
    lines = [
        "# Coverage of the documentation",
        "",
        "Made by `python -m batchproof.report.coverage_page`; a test fails when it is stale.",
        "A statement is *tested* when an observation can contradict it, *unsettled* when sources contradict each other about it.",
        "",
    ]
    for contract in contracts:
        lines += _section(contract)
    return "\n".join(lines)


def _section(contract: Contract) -> Iterator[str]:
    described = coverage(contract)
    yield f"## {contract.id}"
    yield ""
    yield (
        f"{described['statements']} statements: {described['tested']} tested, {described['unsettled']} unsettled, "
        f"{described['not_testable']} not testable from outside."
    )
    yield ""
    yield "| document | statements | tested | unsettled | not testable |"
    yield "|---|---:|---:|---:|---:|"
    for row in described["documents"]:
        page = contract.manifest.documents[row["document"]]
        yield (
            f"| [{page.title}](<{page.url}>) | {row['statements']} | {row['tested']} | {row['unsettled']} "
            f"| {row['not_testable']} |"
        )
    yield ""
    yield "Requirements by operation and aspect:"
    yield ""
    yield "| operation | " + " | ".join(ASPECTS) + " |"
    yield "|---|" + "---:|" * len(ASPECTS)
    for name, counts in described["operations"].items():
        yield f"| `{name}` | " + " | ".join(str(counts[aspect] or "") for aspect in ASPECTS) + " |"
    yield ""
    yield "<details><summary>Pairs without a requirement, and why</summary>"
    yield ""
    for (aspect, reason), names in _by_reason(described["holes"]).items():
        yield f"* {aspect}: {reason} ({', '.join(f'`{name}`' for name in names)})"
    yield ""
    yield "</details>"
    yield ""
    yield from _clients(contract)
    yield "<details><summary>Not testable from outside, and why</summary>"
    yield ""
    for identifier, reason in described["reasons"].items():
        yield f"* `{identifier}`: {reason}"
    yield ""
    yield "</details>"
    yield ""


def _clients(contract: Contract) -> Iterator[str]:
    for client in contract.clients:
        yield f"The models of `{client.package}` accept what the emulator sends in every operation, and the schemas accept"
        yield "what the models serialise. A test knows these differences, and no other:"
        yield ""
        for sent in client.sent:
            yield f"* `{sent.operation}` `{sent.at}`, {sent.kind}: {sent.reason}"
        for stricter in client.stricter:
            rows = ", ".join(f"`{row}`" for row in stricter.rows)
            yield f"* the schemas are stricter: {stricter.reason} ({rows})"
        if not client.sent and not client.stricter:
            yield "* none"
        yield ""


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


def _by_reason(holes: Mapping[str, Mapping[str, str | None]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for aspect in ASPECTS:
        for name, reasons in holes.items():
            if aspect in reasons:
                found.setdefault((aspect, reasons[aspect] or "no reason is given"), []).append(name)
    return found


def _tested(row: Requirement) -> bool:
    return row.untestable_because is None and not row.interpretations
