"""JUnit XML, for the test views of CI systems: one test case a requirement."""

import re
from collections.abc import Iterator
from io import BytesIO

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import UNSTABLE, ExpectedEntry
from batchproof.report.evidence import Narrator
from batchproof.report.expected import stale_lines
from batchproof.report.printable import visible
from batchproof.report.row_text import details, fingerprints, headline, why_known, why_open
from batchproof.report.times import duration, moment
from batchproof.report.unsettled import question

# GitLab shows the file that such a tag names, and a plugin of Jenkins copies it
_TAG = re.compile(r"\[(?=\[(?:ATTACHMENT|PROPERTY)\|)", re.IGNORECASE)


def junit(results: Results, history: History) -> bytes:
    """The bytes of ``junit.xml``. What fails no run fails no test case: it passes and says so, or is skipped as expected.

    Entries of expected findings that fail the run have a test case each. The time of the suite is that of the run, and the
    time of a case that of the requests that show what contradicts it; of others nobody knows which time is theirs.
    """
    narrator = Narrator(history)
    suite = TestSuite(f"batchproof {visible(results.contract)}")
    for name, value in _properties(results, history):
        suite.add_property(name, visible(value))
    suite.add_testcases([_case(results, row, narrator) for row in results.requirements])
    suite.add_testcases(
        [_stale(results, *about) for about in zip(results.stale, stale_lines(results), strict=True)]
    )
    document = JUnitXml(suite.name)
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    suite.time = document.time = duration(history)
    if began := moment(history):
        suite.timestamp = f"{began:%Y-%m-%dT%H:%M:%S}Z"
    # the schema of Jenkins has this number for suites alone
    document._elem.attrib.pop("skipped", None)  # noqa: SLF001 - the library offers no other way
    stream = BytesIO()
    document.write(stream, pretty=True)
    return stream.getvalue()


def _properties(results: Results, history: History) -> Iterator[tuple[str, str]]:
    """What the verdicts rest on. They are properties of the suite, since the schema of Jenkins allows a case none."""
    for name in (
        *("claim", "verdict", "exit_code", "contract", "profile", "strict", "suite", "target"),
        *("history_sha256", "catalogue_sha256"),
    ):
        yield name, str(getattr(results, name)).lower() if name == "strict" else str(getattr(results, name))
    yield "seed", str(history.header.seed)
    yield "exchanges", str(len(history.exchanges))
    if results.claims is not None:
        yield "claims", ", ".join(results.claims)
    if history.header.shard is not None:
        yield "shard", history.header.shard


def _case(results: Results, row: RequirementResult, narrator: Narrator) -> TestCase:
    case = TestCase(
        name=visible(row.id),
        classname=f"{visible(results.contract)}.{row.aspect}",
        time=None if (seconds := narrator.seconds(row)) is None else round(seconds, 4),
    )
    if row.expected:
        case.result = _skipped(f"expected: {why_known(row)}")
        case.system_out = _untagged(details(results, row, narrator))
    elif row.verdict in ("inconclusive", "not_applicable"):
        case.result = _skipped(why_open(row))
        if row.reason == UNSTABLE:
            case.system_out = _untagged(details(results, row, narrator))
        elif row.interpretations:
            asked = "\n".join(visible(line) for line in question(results, row))
            case.system_out = _untagged(f"To ask the vendor:\n{asked}")
    elif row.fails(strict=results.strict):
        case.result = _failure(results, row, narrator)
    elif row.verdict == "failed":
        text = f"warning: {row.level} requirement not met\n{details(results, row, narrator)}"
        case.system_out = _untagged(text)
    return case


def _skipped(why: str) -> Skipped:
    """Jenkins reads the attribute, GitLab the text."""
    skipped = Skipped(_untagged(why))
    skipped.text = _untagged(why)
    return skipped


def _stale(results: Results, entry: ExpectedEntry, line: str) -> TestCase:
    case = TestCase(name=visible(entry.entry), classname=f"{visible(results.contract)}.expected")
    failure = Failure(line, f"expected.{entry.state}")
    failure.text = line
    case.result = failure
    return case


def _failure(results: Results, row: RequirementResult, narrator: Narrator) -> Failure:
    failure = Failure(_untagged(headline(row, narrator)), ",".join(fingerprints(row)))
    failure.text = _untagged(details(results, row, narrator))
    return failure


def _untagged(text: str) -> str:
    """``text``, in which nothing names a file to attach."""
    return _TAG.sub(r"\\x5b", text)
