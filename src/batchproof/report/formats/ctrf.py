"""CTRF, the Common Test Report Format (https://ctrf.io): one test a requirement."""

import uuid
from collections.abc import Iterator

from batchproof.history import History
from batchproof.json_values import Json, JsonObject
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import ExpectedEntry
from batchproof.report.evidence import Narrator
from batchproof.report.expected import stale_lines
from batchproof.report.formats.encoding import encoded
from batchproof.report.printable import visible
from batchproof.report.row_text import details, fingerprints, headline, why_known, why_open
from batchproof.report.times import duration, moment

_SPECIFICATION = "0.0.0"
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def ctrf(results: Results, history: History) -> bytes:
    """The bytes of ``ctrf.json``. ``rawStatus`` has the verdict; the status of what was not established is pending.

    What contradicts a requirement and fails no run is ``other``, and what is expected is skipped. Times are those of the
    requests that show a finding; a test without any has the duration 0, since the format demands a number.
    """
    narrator = Narrator(history)
    tests = [
        *(_test(results, row, narrator, history) for row in results.requirements),
        *(_stale(results, *about) for about in zip(results.stale, stale_lines(results), strict=True)),
    ]
    start, stop = (_milliseconds(history, seconds) for seconds in (0, duration(history)))
    ended = moment(history, duration(history))
    return encoded(
        {
            "reportFormat": "CTRF",
            "specVersion": _SPECIFICATION,
            "reportId": str(_named(results.history_sha256, results.catalogue_sha256)),
            **({} if ended is None else {"timestamp": f"{ended:%Y-%m-%dT%H:%M:%S}Z"}),
            "generatedBy": visible(f"batchproof {results.suite}"),
            "results": {
                "tool": {"name": "batchproof", "version": visible(results.suite)},
                "summary": {
                    "tests": len(tests),
                    **{status: sum(test["status"] == status for test in tests) for status in _STATUSES},
                    "start": start,
                    "stop": stop,
                    "duration": stop - start,
                },
                "tests": tests,
                "environment": {
                    "reportName": visible(f"batchproof {results.contract}"),
                    "testEnvironment": visible(results.target),
                    "extra": dict(_about(results, history)),
                },
            },
        }
    )


def _about(results: Results, history: History) -> Iterator[tuple[str, Json]]:
    for name in ("claim", "verdict", "contract", "profile", "history_sha256", "catalogue_sha256"):
        yield name, visible(getattr(results, name))
    yield "exit_code", results.exit_code
    yield "strict", results.strict
    yield "seed", history.header.seed
    if results.claims is not None:
        yield "claims", [visible(name) for name in results.claims]
    if history.header.shard is not None:
        yield "shard", visible(history.header.shard)


def _test(results: Results, row: RequirementResult, narrator: Narrator, history: History) -> JsonObject:
    status, message = _outcome(results, row, narrator)
    seconds, span = narrator.seconds(row), narrator.span(row)
    page = results.documents.get(row.source.document)
    test: JsonObject = {
        "id": str(_named(results.contract, row.id)),
        "name": visible(row.id),
        "status": status,
        "duration": round(1000 * (seconds or 0)),
        "suite": [visible(results.contract), row.aspect],
        "rawStatus": row.verdict,
        "tags": [row.level],
        "extra": {
            "statement": visible(row.statement),
            "source": visible(row.source.document if page is None else page.url),
            "section": visible(row.source.section),
            "observations": row.observations,
        },
    }
    if span is not None:
        test["start"], test["stop"] = (_milliseconds(history, at) for at in span)
    if message:
        test["message"] = message
    if row.findings:
        test["trace"] = details(results, row, narrator)
        test["extra"]["fingerprints"] = fingerprints(row)
    return test


def _outcome(results: Results, row: RequirementResult, narrator: Narrator) -> tuple[str, str]:
    """The status of a test, and its message."""
    if row.expected:
        return "skipped", f"expected: {why_known(row)}"
    if row.verdict == "failed":
        return "failed" if row.fails(strict=results.strict) else "other", headline(row, narrator)
    if row.verdict == "passed":
        return "passed", ""
    return "pending" if row.verdict == "inconclusive" else "skipped", why_open(row)


def _stale(results: Results, entry: ExpectedEntry, line: str) -> JsonObject:
    return {
        "id": str(_named(results.contract, entry.entry)),
        "name": visible(entry.entry),
        "status": "failed",
        "duration": 0,
        "suite": [visible(results.contract), "expected"],
        "rawStatus": entry.state,
        "message": line,
    }


def _named(*parts: str) -> uuid.UUID:
    """The same for the same parts, whenever it is asked for."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"https://batchproof.dev/{visible('/'.join(parts))}")


def _milliseconds(history: History, seconds: float) -> int:
    """Milliseconds since 1970; since the run began, where nobody knows when that was."""
    at = moment(history, seconds)
    return round(1000 * (seconds if at is None else at.timestamp()))
