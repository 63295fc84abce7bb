"""``docs/coverage.md``: how much of the documentation is tested."""

from collections.abc import Iterable, Iterator, Mapping

from batchproof.contract import Contract
from batchproof.report.coverage import coverage
from batchproof.report.grid import ASPECTS


def coverage_page(contracts: Iterable[Contract]) -> str:
    """``docs/coverage.md``."""
    lines = [
        "# Coverage of the documentation",
        "",
        "Made by `python -m tools.coverage`; a test fails when it is stale.",
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


def _by_reason(holes: Mapping[str, Mapping[str, str | None]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for aspect in ASPECTS:
        for name, reasons in holes.items():
            if aspect in reasons:
                found.setdefault((aspect, reasons[aspect] or "no reason is given"), []).append(name)
    return found
