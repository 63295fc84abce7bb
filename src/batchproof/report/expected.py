"""Expected findings, in words: why one fails nothing, and which entries fail the run themselves."""

import json
from collections.abc import Iterator

from batchproof.contract.expected import Expected
from batchproof.judging import RequirementResult, Results
from batchproof.report.printable import short, visible


def why_expected(entry: Expected) -> str:
    """The reason of an entry, its link, its last day, and where it stands."""
    parts = [short(entry.reason), *([short(entry.link)] if entry.link else [])]
    until = f"until {entry.until}, " if entry.until is not None else ""
    return f"{'; '.join(parts)} ({until}{visible(entry.entry)})"


def stale_lines(results: Results) -> list[str]:
    """A line for each entry that fails the run, with what to do."""
    return [
        f"{visible(entry.entry)}: {visible(entry.about)}: "
        + (
            f"its date, {entry.until}, has passed; remove the entry, or give it a later date"
            if entry.state == "over"
            else "the finding is gone; remove the entry"
        )
        for entry in results.stale
    ]


def unseen_line(results: Results) -> str:
    """Which entries the run has nothing to say about; empty where there are none."""
    unseen = [visible(entry.about) for entry in results.expected if entry.state == "unseen"]
    return f"neither there nor gone, since this run did not look: {', '.join(unseen)}" if unseen else ""


def expected_rows(results: Results) -> list[RequirementResult]:
    """The requirements that are contradicted by nothing but what is expected, MUST first."""
    return [row for row in [*results.failed, *results.unstable] if row.expected]


def entries_for(results: Results, *, strict: bool) -> Iterator[str]:
    """The lines of TOML by which what failed would be expected, and nothing that is expected already."""
    rows = [row for row in results.failed if row.fails(strict=strict or results.strict)]
    known = expected_rows(results)
    for row in known:
        yield f"# expected already: {visible(row.id)}"
    if not rows:
        yield "# nothing else fails the run"
    for row in rows:
        described = [
            finding for finding in row.findings if finding.blame == "server" and not finding.unstable
        ]
        yield ""
        yield f"# {row.level}: {visible(row.statement)}"
        yield "[[expected]]"
        yield f"requirement = {_quoted(row.id)}"
        yield f"reason = {_quoted(described[0].message)}"


def _quoted(text: str) -> str:
    """A basic string of TOML, which escapes as JSON does."""
    return json.dumps(short(text), ensure_ascii=False)
