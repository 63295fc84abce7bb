"""JUnit XML, for the test views of CI systems: one test case a requirement."""

from io import BytesIO

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from batchproof.history import History
from batchproof.judge import RequirementResult, Results
from batchproof.judge.results import UNSTABLE, ExpectedEntry
from batchproof.report.evidence import Narrator
from batchproof.report.expected import stale_lines, why_expected
from batchproof.report.printable import short, visible
from batchproof.report.unsettled import question


def junit(results: Results, history: History) -> bytes:
    """The bytes of ``junit.xml``. What fails no run fails no test case: it passes and says so, or is skipped as expected.

    Entries of expected findings that fail the run have a test case each. The time of the suite is that of the run, and the
    time of a case that of the requests that show what contradicts it; of others nobody knows which time is theirs.
    """
    narrator = Narrator(history)
    suite = TestSuite(f"batchproof {visible(results.contract)}")
    for name in ("claim", "contract", "profile", "suite", "target", "history_sha256", "catalogue_sha256"):
        suite.add_property(name, visible(str(getattr(results, name))))
    suite.add_testcases([_case(results, row, narrator) for row in results.requirements])
    suite.add_testcases(
        [_stale(results, *about) for about in zip(results.stale, stale_lines(results), strict=True)]
    )
    document = JUnitXml()
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    suite.time = document.time = _duration(history)
    stream = BytesIO()
    document.write(stream, pretty=True)
    return stream.getvalue()


def _duration(history: History) -> float:
    """How many seconds the run took, as far as the history knows."""
    ends = [exchange.end for exchange in history.exchanges]
    return round(history.footer.ended if history.footer is not None else max(ends, default=0.0), 6)


def _case(results: Results, row: RequirementResult, narrator: Narrator) -> TestCase:
    case = TestCase(
        name=visible(row.id),
        classname=f"{visible(results.contract)}.{row.aspect}",
        time=None if (seconds := narrator.seconds(row)) is None else round(seconds, 6),
    )
    if row.expected:
        case.result = Skipped(f"expected: {_why(row)}")
        case.system_out = _details(row, narrator)
    elif row.verdict in ("inconclusive", "not_applicable"):
        reason = row.reason or row.verdict
        case.result = Skipped(short(f"{reason}: {row.detail}" if row.detail else reason))
        if row.reason == UNSTABLE:
            case.system_out = _details(row, narrator)
        elif row.readings:
            asked = "\n".join(visible(line) for line in question(results, row))
            case.system_out = f"To ask the vendor:\n{asked}"
    elif row.fails(strict=results.strict):
        case.result = _failure(row, narrator)
    elif row.verdict == "failed":
        case.system_out = f"warning: {row.level} requirement not met\n{_details(row, narrator)}"
    return case


def _stale(results: Results, entry: ExpectedEntry, line: str) -> TestCase:
    case = TestCase(name=visible(entry.entry), classname=f"{visible(results.contract)}.expected")
    case.result = Failure(line, f"expected.{entry.state}")
    return case


def _why(row: RequirementResult) -> str:
    reasons = [why_expected(item.expectation) for item in row.findings if item.expectation is not None]
    return "; ".join(dict.fromkeys(reasons))


def _failure(row: RequirementResult, narrator: Narrator) -> Failure:
    told = [item for item in narrator.evidence(row) if item.finding.blame == "server"]
    failure = Failure(told[0].words.headline if told else visible(row.statement), _fingerprints(row))
    failure.text = _details(row, narrator)
    return failure


def _fingerprints(row: RequirementResult) -> str:
    return ",".join(visible(finding.fingerprint) for finding in row.findings if finding.blame == "server")


def _details(row: RequirementResult, narrator: Narrator) -> str:
    parts = [f"{row.level}: {visible(row.statement)}"]
    for evidence in narrator.evidence(row):
        lines = [f"{label}: {text}" for label, text in evidence.lines()]
        if evidence.curl is not None:
            lines += ["repeat it:", evidence.curl]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)
