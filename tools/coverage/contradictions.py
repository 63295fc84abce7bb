"""``docs/contradictions.md``: where each documentation contradicts itself, and which rows hold it."""

from collections.abc import Iterable, Iterator

from batchproof.contract import Contract
from batchproof.contract.model import Contradiction
from batchproof.report.markup import plain


def contradictions_page(contracts: Iterable[Contract]) -> str:
    """The page for all contracts that list contradictions."""
    lines = [
        "# Where the documentation contradicts itself",
        "",
        "Made by `python -m tools.coverage`; a test fails when it is stale.",
        "Each row holds its interpretations: what the sources say. No interpretation fails a run. A report tells which of them the server",
        "was seen to follow, and `summary.md` words a question that can be sent to the vendor.",
        "`batchproof explain ROW` shows the sources.",
        "",
    ]
    for contract in contracts:
        if contract.contradictions:
            lines += _section(contract)
    return "\n".join(lines)


def _section(contract: Contract) -> Iterator[str]:
    held = [item for item in contract.contradictions if item.rows]
    others = [item for item in contract.contradictions if item.untouched is not None]
    yield f"## {contract.id}"
    yield ""
    yield f"{len(contract.contradictions)} contradictions, {len(others)} of them without an operation that they touch."
    yield ""
    yield "| contradiction | row | interpretations |"
    yield "|---|---|---|"
    for item in held:
        yield from _rows(contract, item)
    yield ""
    for item in others:
        yield f"* {item.name}: {plain(item.about)} Not held by a row: {plain(item.untouched or '')}"
    if others:
        yield ""


def _rows(contract: Contract, item: Contradiction) -> Iterator[str]:
    for number, identifier in enumerate(item.rows):
        row = contract.requirements[identifier]
        interpretations = "<br>".join(
            f"{plain(name)}: {plain(interpretation.says)}"
            for name, interpretation in row.interpretations.items()
        )
        about = f"{item.name}: {plain(item.about)}" if number == 0 else ""
        yield f"| {about} | `{identifier}` | {interpretations} |"
