"""Expected findings are told as such in every report, and so are the entries that fail the run."""

import io
import json
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from rich.console import Console

from batchproof.contract import Contract
from batchproof.contract.expected import Expected
from batchproof.history import History
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import ExpectedEntry, Shrunken
from batchproof.places import schemas_dir
from batchproof.report import Detail, print_results, write_reports
from batchproof.report.expected import entries_for, why_expected
from batchproof.report.junit import junit
from batchproof.report.markdown import summary
from batchproof.report.outcome import outcome

ENTRY = Expected(
    entry="b.toml: expected[0]",
    requirement="batch.status",
    reason="The gateway does it.",
    link="https://issues.test/1",
    until=date(2026, 12, 31),
)
KNOWN = "The gateway does it.; https://issues.test/1 (until 2026-12-31, b.toml: expected[0])"


def entry(state: str, **about: Any) -> ExpectedEntry:
    return ExpectedEntry(state=state, **{**msgspec.structs.asdict(ENTRY), **about})  # type: ignore[arg-type]


GONE = entry("gone", entry="b.toml: expected[1]", requirement="batch.id", until=None, link=None)
OVER = entry(
    "over",
    entry="b.toml: expected[2]",
    requirement=None,
    fingerprint="00112233aabbccdd",
    until=date(2025, 1, 1),
)
DESCRIBED_GONE = "b.toml: expected[1]: batch.id: the finding is gone; remove the entry"
DESCRIBED_OVER = (
    "b.toml: expected[2]: 00112233aabbccdd: its date, 2025-01-01, has passed; remove the entry, "
    "or give it a later date"
)


@pytest.fixture
def known(
    row: Callable[..., RequirementResult], finding: Callable[..., Finding], results: Callable[..., Results]
) -> Callable[..., Results]:
    """Results in which one of two failed requirements is expected to fail."""

    def make(**changes: Any) -> Results:
        first = row("batch.status", "failed", findings=[finding(expectation=ENTRY)], expected=True)
        second = row(
            "batch.name", "failed", level="SHOULD", findings=[finding(fingerprint="8899aabbccddeeff")]
        )
        values = {"verdict": "passed", "exit_code": 0, "expected": [entry("found")], **changes}
        return results(first, second, row("batch.id"), **values)

    return make


def printed(results: Results, history: History, detail: Detail = "full") -> str:
    stream = io.StringIO()
    print_results(results, history, Console(file=stream, width=200), folder=None, detail=detail)
    return stream.getvalue()


def test_terminal_tells_expected_findings_apart(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    text = printed(known(), history())
    assert "Failed MUST" not in text
    assert "Expected findings (they fail nothing): 1\n\n  batch.status (MUST)\n" in text
    assert f"    known     {KNOWN}\n" in text
    assert "Warnings (SHOULD and MAY, they fail nothing): 1\n\n  batch.name (SHOULD)\n" in text
    assert "gone" not in text


def test_terminal_tells_of_a_should_that_counts(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    text = printed(known(strict=True, verdict="failed", exit_code=1), history())
    assert "Failed MUST and SHOULD requirements: 1\n\n  batch.name (SHOULD)\n" in text
    assert "Warnings" not in text
    assert text.endswith("FAILED: 1 MUST or SHOULD requirement failed (exit 1)\n")


def test_terminal_tells_which_entries_fail_the_run(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    unseen = entry("unseen", requirement="batch.end")
    stale = known(verdict="failed", exit_code=1, expected=[entry("found"), GONE, OVER, unseen])
    text = printed(stale, history())
    assert (
        f"Expected findings that are gone or past their date: 2\n  {DESCRIBED_GONE}\n  {DESCRIBED_OVER}\n"
        in text
    )
    assert "\n  neither there nor gone, since this run did not look: batch.end\n" in text
    quiet = printed(stale, history(), "quiet").splitlines()
    assert quiet[1:3] == [DESCRIBED_GONE, DESCRIBED_OVER]


def test_terminal_tells_what_was_not_looked_at(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    text = printed(results(row("batch.id"), expected=[entry("unseen")]), history())
    assert "Expected findings (they fail nothing): 0\n\n  neither there nor gone, since this run" in text


def test_summary_has_a_section_of_its_own(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    text = summary(known(expected=[entry("found"), GONE, entry("unseen")]), history())
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert titles[:3] == [
        "## Expected findings that are gone or past their date",
        "## Expected findings",
        "## Warnings: SHOULD and MAY",
    ]
    assert "### `batch.status` (MUST)" in text
    assert "* known: The gateway does it.; " in text
    assert "* neither there nor gone, since this run did not look: batch.status\n" in text
    strict = summary(known(strict=True), history())
    assert "## MUST and SHOULD requirements that failed\n\n### `batch.name` (SHOULD)" in strict


def test_junit_skips_what_is_expected_and_fails_stale_entries(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    root = ET.fromstring(junit(known(expected=[entry("found"), GONE, OVER]), history()))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    skipped = cases["batch.status"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == f"expected: {KNOWN}"
    assert f"known: {KNOWN}" in (cases["batch.status"].findtext("system-out") or "")
    failures = {name: case.find("failure") for name, case in cases.items()}
    described = {
        name: (failure.get("type"), failure.get("message"))
        for name, failure in failures.items()
        if failure is not None
    }
    assert described == {
        "b.toml: expected[1]": ("expected.gone", DESCRIBED_GONE),
        "b.toml: expected[2]": ("expected.over", DESCRIBED_OVER),
    }
    assert cases["b.toml: expected[1]"].get("classname") == "acme/v1.expected"


def test_junit_fails_a_should_that_counts(
    known: Callable[..., Results], history: Callable[..., History]
) -> None:
    failed = [
        [
            case.get("name")
            for case in ET.fromstring(junit(item, history())).iter("testcase")
            if case.find("failure") is not None
        ]
        for item in (known(), known(strict=True))
    ]
    assert failed == [[], ["batch.name"]]


def test_results_fit_their_schema(
    known: Callable[..., Results], history: Callable[..., History], acme: Contract, tmp_path: Path
) -> None:
    results = known(strict=True, verdict="failed", exit_code=1, expected=[entry("found"), GONE, OVER])
    write_reports(tmp_path, acme, results, history())
    content = json.loads((tmp_path / "results.json").read_bytes())
    schema = json.loads((schemas_dir() / "batchproof/results.json").read_text())
    jsonschema_rs.validator_for(schema).validate(content)
    assert content["requirements"][0]["findings"][0]["expectation"]["until"] == "2026-12-31"
    assert [item["state"] for item in content["expected"]] == ["found", "gone", "over"]
    assert msgspec.json.decode((tmp_path / "results.json").read_bytes(), type=Results) == results


def test_last_line(known: Callable[..., Results]) -> None:
    met = "every MUST requirement that profile core owes is met"
    failed = {"verdict": "failed", "exit_code": 1}
    described = [
        outcome(known()),
        outcome(known(strict=True)),
        outcome(known(**failed, expected=[GONE])),
        outcome(known(**failed, strict=True, expected=[GONE, GONE, OVER])),
    ]
    assert described == [
        f"PASSED: {met}, but for 1 expected to fail (exit 0)",
        f"PASSED: {met}, no SHOULD failed, but for 1 expected to fail (exit 0)",
        "FAILED: 1 expected finding is gone (exit 1)",
        (
            "FAILED: 1 MUST or SHOULD requirement failed and 2 expected findings are gone and "
            "1 expected finding is past the date (exit 1)"
        ),
    ]


def test_last_line_of_a_strict_run_without_a_deviation(
    row: Callable[..., RequirementResult], results: Callable[..., Results]
) -> None:
    described = outcome(results(row("batch.id"), strict=True))
    assert (
        described == "PASSED: every MUST requirement that profile core owes is met, no SHOULD failed (exit 0)"
    )


def test_last_line_where_nothing_but_an_unstable_should_is_open(
    row: Callable[..., RequirementResult], finding: Callable[..., Finding], results: Callable[..., Results]
) -> None:
    shrunken = Shrunken(outcome="unstable", exchanges=[], detail=None)
    flaky = row(
        "batch.name",
        "inconclusive",
        level="SHOULD",
        reason="unstable",
        findings=[finding(assumption=True, reproduction=shrunken)],
    )
    described = outcome(results(flaky, strict=True, verdict="inconclusive", exit_code=3))
    assert described == "INCONCLUSIVE: a finding is unstable (exit 3)"


def test_reason_alone_is_enough() -> None:
    plain = msgspec.structs.replace(ENTRY, link=None, until=None)
    assert why_expected(plain) == "The gateway does it. (b.toml: expected[0])"


def test_entries_are_toml_for_what_fails(known: Callable[..., Results]) -> None:
    assert list(entries_for(known(), strict=False)) == [
        "# expected already: batch.status",
        "# nothing else fails the run",
    ]
    assert list(entries_for(known(), strict=True)) == [
        "# expected already: batch.status",
        "",
        "# SHOULD: The status is one of PENDING, PROCESSED.",
        "[[expected]]",
        'requirement = "batch.name"',
        r'reason = "\"processed\" is not one of the values"',
    ]
    assert list(entries_for(known(strict=True), strict=False)) == list(entries_for(known(), strict=True))


def test_entries_for_hostile_results_are_toml(poisoned: Results) -> None:
    text = "\n".join(entries_for(poisoned, strict=False))
    (made,) = tomllib.loads(text)["expected"]
    assert (made["requirement"], set(made)) == ("batch.status", {"requirement", "reason"})


def test_hostile_entry_is_one_line_everywhere(
    known: Callable[..., Results], history: Callable[..., History], hostile: str
) -> None:
    evil = msgspec.structs.replace(GONE, reason=hostile, link=hostile, entry=hostile)
    results = known(expected=[evil])
    lines = printed(results, history(), "quiet").splitlines()
    assert all(line.isprintable() for line in lines)
    assert ET.fromstring(junit(results, history())) is not None
