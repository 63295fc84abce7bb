import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from junit2htmlreport.parser import Case, Junit

from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import Shown
from batchproof.report.junit import junit


def read(content: bytes) -> dict[str, Case]:
    """The test cases, as an independent reader sees them."""
    (suite,) = Junit(xmlstring=content.decode()).suites
    return {str(case.name): case for case in suite.all()}


def test_one_case_a_requirement(mixed: Results, history: Callable[..., History]) -> None:
    cases = read(junit(mixed, history()))
    assert list(cases) == [row.id for row in mixed.requirements]
    assert {case.testclass.name for case in cases.values() if case.testclass} == {"acme/v1.enum"}


def test_verdicts(mixed: Results, history: Callable[..., History]) -> None:
    cases = read(junit(mixed, history()))
    assert [name for name, case in cases.items() if case.failed()] == ["batch.status"]
    assert [name for name, case in cases.items() if case.skipped] == [
        "batch.end",
        "batch.stop",
        "batch.rare",
        "batch.hook",
        "batch.zone",
    ]
    assert cases["batch.rare"].skipped_msg == "not_exercised"
    assert cases["batch.hook"].skipped_msg == "not_testable: needs a public address"


def test_the_counts_of_the_suite(mixed: Results, history: Callable[..., History]) -> None:
    root = ET.fromstring(junit(mixed, history()))
    counted = {"tests": "8", "failures": "1", "errors": "0"}
    assert {name: root.get(name) for name in (*counted, "skipped")} == {**counted, "skipped": None}
    assert {name: root[0].get(name) for name in (*counted, "skipped")} == {**counted, "skipped": "5"}


def test_times_are_those_of_the_run_and_of_the_evidence(
    mixed: Results, history: Callable[..., History]
) -> None:
    root = ET.fromstring(junit(mixed, history()))
    times = {case.get("name"): case.get("time") for case in root.iter("testcase")}
    # two requests of a tenth of a second; and nobody knows what the others took
    assert (root[0].get("time"), times["batch.status"], times["batch.id"]) == ("1.0", "0.2", None)


def test_time_of_a_run_that_was_cut_is_that_of_its_last_answer(
    mixed: Results, history: Callable[..., History]
) -> None:
    assert ET.fromstring(junit(mixed, history(whole=False)))[0].get("time") == "0.1"


def test_the_message_of_a_failure_names_what_is_broken(
    row: Callable[..., RequirementResult],
    finding: Callable[..., object],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    found = finding(headline="batch: it is wrong", shown=[Shown(text="a is 1")])
    failure = ET.fromstring(junit(results(row("batch.id", "failed", findings=[found])), history())).find(
        ".//failure"
    )
    assert failure is not None
    assert failure.get("message") == "batch: it is wrong"
    assert "broken: batch: it is wrong\ncame: a is 1\n" in (failure.text or "")


def test_a_failure_carries_its_evidence(mixed: Results, history: Callable[..., History]) -> None:
    content = junit(mixed, history())
    failure = ET.fromstring(content).find(".//failure")
    assert failure is not None
    assert failure.get("type") == "0011223344556677"
    assert failure.get("message") == '"processed" is not one of the values'
    text = read(content)["batch.status"].failure or ""
    for part in (
        "MUST batch.status: The status is",
        "expected: one of",
        'observed: "processed"',
        "at: /status",
        "seen: 2 times",
    ):
        assert part in text
    assert "exchange: GET /batch_runs/bpr_1 → 200 (x1)" in text
    assert "curl -i \\\n  --url" in text


def test_a_warning_passes_and_says_so(mixed: Results, history: Callable[..., History]) -> None:
    case = read(junit(mixed, history()))["batch.name"]
    assert not case.failed()
    assert str(case.stdout).startswith("warning: SHOULD requirement not met\n")
    assert "observed: 7" in str(case.stdout)


def test_hostile_text_parses_and_adds_no_element(poisoned: Results, poisoned_history: History) -> None:
    content = junit(poisoned, poisoned_history)
    cases = read(content)
    assert [name for name, case in cases.items() if case.failed()] == ["batch.status"]
    assert len(list(ET.fromstring(content).iter("failure"))) == 1


@pytest.mark.parametrize("tag", ["[[ATTACHMENT|/etc/passwd]]", "[[attachment|a]]", "[[PROPERTY|a=b]]"])
def test_nothing_names_a_file_to_attach(
    row: Callable[..., RequirementResult],
    finding: Callable[..., object],
    results: Callable[..., Results],
    history: Callable[..., History],
    tag: str,
) -> None:
    found = finding(message=tag, expected=tag, observed=[[tag]])
    described = results(
        row("a", "failed", findings=[found], statement=tag),
        row("b", "failed", level="MAY", findings=[found]),
        row("c", "inconclusive", detail=tag),
        claim=tag,
    )
    content = junit(described, history()).decode()
    assert len(re.findall(r"(?i)\\x5b\[(?:attachment|property)\|", content)) > 5
    assert tag not in content.replace(f'value="{tag}"', "")


def test_the_first_line_of_a_failure_says_what_is_broken(
    mixed: Results, history: Callable[..., History]
) -> None:
    """Readers that leave the attributes out show the text."""
    failure = ET.fromstring(junit(mixed, history())).find(".//failure")
    assert failure is not None
    assert (failure.text or "").split("\n")[0] == failure.get("message")


def test_the_reason_of_what_is_skipped_is_attribute_and_text(
    mixed: Results, history: Callable[..., History]
) -> None:
    skipped = ET.fromstring(junit(mixed, history())).findall(".//skipped")
    assert [item.text for item in skipped] == [item.get("message") for item in skipped]


def test_when_the_run_was_and_what_it_was_are_told(mixed: Results, history: Callable[..., History]) -> None:
    suite = ET.fromstring(junit(mixed, history()))[0]
    described = {item.get("name"): item.get("value") for item in suite.iter("property")}
    assert suite.get("timestamp") == "2026-01-02T03:04:05Z"
    assert (described["verdict"], described["exit_code"], described["strict"], described["seed"]) == (
        "failed",
        "1",
        "false",
        "0",
    )


def test_a_blame_that_is_not_the_servers_is_no_fingerprint(
    row: Callable[..., RequirementResult],
    finding: Callable[..., object],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    network = finding(fingerprint="ffffffffffffffff", blame="network", message="lost")
    content = junit(results(row("batch.id", "failed", findings=[network, finding()])), history())
    failure = ET.fromstring(content).find(".//failure")
    assert failure is not None
    assert failure.get("type") == "0011223344556677"
    assert failure.get("message") != "lost"
    assert "blame: network" in (failure.text or "")
