"""One requirement as the text of a test case: the headline, why it has no verdict, and all evidence."""

from batchproof.judging import RequirementResult, Results
from batchproof.report.evidence import Narrator
from batchproof.report.expected import why_expected
from batchproof.report.printable import short, visible


def headline(row: RequirementResult, narrator: Narrator) -> str:
    """What is broken in one line; the statement of the requirement where nobody found words."""
    described = [item for item in row.findings if item.blame == "server"]
    return narrator.words(row, described[0]).headline if described else visible(row.statement)


def why_open(row: RequirementResult) -> str:
    """Why a requirement was not established, in one line."""
    reason = row.reason or row.verdict
    return short(f"{reason}: {row.detail}" if row.detail else reason)


def why_known(row: RequirementResult) -> str:
    """Why what contradicts a requirement is expected."""
    reasons = [why_expected(item.expectation) for item in row.findings if item.expectation is not None]
    return "; ".join(dict.fromkeys(reasons))


def fingerprints(row: RequirementResult) -> list[str]:
    """The fingerprints of what the server is to blame for."""
    return [visible(finding.fingerprint) for finding in row.findings if finding.blame == "server"]


def details(results: Results, row: RequirementResult, narrator: Narrator) -> str:
    """What is broken, in the first line, since some readers show no other; the statement, its source, and the evidence."""
    page = results.documents.get(row.source.document)
    place = visible(row.source.document) if page is None else f"{visible(page.title)} ({visible(page.url)})"
    parts = [
        "\n".join(
            [
                headline(row, narrator),
                f"{row.level} {visible(row.id)}: {visible(row.statement)}",
                f"source: {place}, {visible(row.source.section)}",
            ]
        )
    ]
    for evidence in narrator.evidence(row):
        lines = [f"{label}: {text}" for label, text in evidence.lines()]
        if evidence.curl is not None:
            lines += ["repeat it:", evidence.curl]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
