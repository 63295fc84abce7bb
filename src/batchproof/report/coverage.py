"""How much of the documentation is tested: per contract, per document, and operations against aspects."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from batchproof.contract import Contract
from batchproof.contract.model import Aspect, Requirement

ASPECTS: tuple[str, ...] = get_args(Aspect)


def coverage(contract: Contract) -> dict[str, Any]:
    """The numbers as plain JSON values; the same contract gives the same value."""
    rows = list(contract.requirements.values())
    return {
        "contract": contract.id,
        "catalogue_sha256": contract.catalogue_sha256(),
        "statements": len(rows),
        "tested": sum(_tested(row) for row in rows),
        "unsettled": sum(bool(row.readings) and row.untestable_because is None for row in rows),
        "not_testable": sum(row.untestable_because is not None for row in rows),
        "documents": [_document(contract, name, rows) for name in contract.manifest.documents],
        "operations": {name: _aspects(contract, name) for name in contract.manifest.operations},
        "reasons": {row.id: row.untestable_because for row in rows if row.untestable_because is not None},
    }


def coverage_lines(contract: Contract) -> Iterator[str]:
    """The numbers as text: one line a document, then what cannot be tested and why."""
    told = coverage(contract)
    yield (
        f"{contract.id}: {told['statements']} statements, {told['tested']} tested, "
        f"{told['unsettled']} unsettled, {told['not_testable']} not testable"
    )
    for document in told["documents"]:
        yield f"  {document['document']}: {document['tested']} of {document['statements']} tested"
    yield "not testable:"
    for identifier, reason in told["reasons"].items():
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
    told = coverage(contract)
    yield f"## {contract.id}"
    yield ""
    yield (
        f"{told['statements']} statements: {told['tested']} tested, {told['unsettled']} unsettled, "
        f"{told['not_testable']} not testable from outside."
    )
    yield ""
    yield "| document | statements | tested | unsettled | not testable |"
    yield "|---|---:|---:|---:|---:|"
    for row in told["documents"]:
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
    for name, counts in told["operations"].items():
        yield f"| `{name}` | " + " | ".join(str(counts[aspect] or "") for aspect in ASPECTS) + " |"
    yield ""
    yield "<details><summary>Not testable from outside, and why</summary>"
    yield ""
    for identifier, reason in told["reasons"].items():
        yield f"* `{identifier}`: {reason}"
    yield ""
    yield "</details>"
    yield ""


def _document(contract: Contract, name: str, rows: Iterable[Requirement]) -> dict[str, Any]:
    of_it = [row for row in rows if row.source.document == name]
    return {
        "document": name,
        "url": contract.manifest.documents[name].url,
        "statements": len(of_it),
        "tested": sum(_tested(row) for row in of_it),
        "unsettled": sum(bool(row.readings) and row.untestable_because is None for row in of_it),
        "not_testable": sum(row.untestable_because is not None for row in of_it),
    }


def _aspects(contract: Contract, operation: str) -> dict[str, int]:
    rows = [
        row
        for row in contract.requirements.values()
        if row.untestable_because is None and operation in contract.operations_of(row.id)
    ]
    return {aspect: sum(row.aspect == aspect for row in rows) for aspect in ASPECTS}


def _tested(row: Requirement) -> bool:
    return row.untestable_because is None and not row.readings
