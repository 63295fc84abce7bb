import re
from collections.abc import Callable
from typing import Any

import pytest

from batchproof.history import History
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import Shown
from batchproof.report.formats import annotations, comment, step_summary
from batchproof.report.formats.github import MOST_ANNOTATIONS, SUMMARY_LIMIT
from batchproof.report.markdown import summary

COMMAND = re.compile(r"::(?P<kind>error|warning|notice) title=(?P<title>[^:,\r\n]*)::(?P<message>[^\r\n]*)")


def read(line: str) -> tuple[str, str, str]:
    """Kind, title and message, as the runner reads them."""
    found = COMMAND.fullmatch(line)
    assert found is not None
    title = found["title"].replace("%3A", ":").replace("%2C", ",")
    unescaped = [
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        for text in (title, found["message"])
    ]
    return found["kind"], unescaped[0], unescaped[1]


def failed(
    row: Callable[..., RequirementResult], finding: Callable[..., Finding], number: int, level: str = "MUST"
) -> list[RequirementResult]:
    return [
        row(
            f"batch.{level.lower()}.{item}",
            "failed",
            level=level,
            findings=[finding(headline=f"{level} {item}")],
        )
        for item in range(number)
    ]


def test_verdict_and_what_is_broken(mixed: Results, history: Callable[..., History]) -> None:
    said = '"processed" is not one of the values'
    described = [read(line) for line in annotations(mixed, history())]
    assert [(kind, title) for kind, title, _ in described] == [
        ("error", "batchproof"),
        ("error", said),
        ("warning", said),
    ]
    assert described[0][2] == "acme/v1: FAILED: 1 MUST requirement failed (exit 1)"
    assert described[1][2].splitlines()[0].startswith("asked: GET /batch_runs/bpr_1 → 200 (x1)")
    assert described[1][2].splitlines()[-1].startswith("says: The status is one of")


@pytest.mark.parametrize(("verdict", "kind"), [("passed", "notice"), ("inconclusive", "warning")])
def test_a_run_without_findings_has_its_verdict_alone(
    row: Callable[..., RequirementResult],
    results: Callable[..., Results],
    history: Callable[..., History],
    verdict: str,
    kind: str,
) -> None:
    ((described, title, message),) = (
        read(line) for line in annotations(results(row("a", verdict)), history())
    )
    assert (described, title) == (kind, "batchproof")
    assert message.startswith(f"acme/v1: {verdict.upper()}: ")


@pytest.mark.parametrize("number", [9, 10, 30])
def test_of_each_kind_there_are_ten_at_most(
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
    history: Callable[..., History],
    number: int,
) -> None:
    rows = [*failed(row, finding, number), *failed(row, finding, number, "SHOULD")]
    described = [read(line) for line in annotations(results(*rows), history())]
    for kind, all_of_them in (("error", number + 1), ("warning", number)):
        titles = [title for described_kind, title, _ in described if described_kind == kind]
        assert len(titles) == min(all_of_them, MOST_ANNOTATIONS)
    left = number + 1 - 9
    more = [message for kind, _, message in described if kind == "error" and "more" in message]
    assert more == ([f"and {left} more; see the summary of the step"] if number > 9 else [])


def test_nothing_ends_a_command_before_its_time(
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    evil = "100 %0A a,line=1::b \n::error::c \r##[d]"
    found = finding(headline=evil, shown=[Shown(text=evil)])
    _, line = annotations(results(row("a", "failed", findings=[found], statement="S.")), history())
    _, title, message = read(line)
    assert title == r"100 %0A a,line=1::b \n::error::c \r#\x23[d]"
    assert message.splitlines()[1] == rf"came: {title}"


def test_summary_is_the_long_one_where_there_is_room(mixed: Results, history: Callable[..., History]) -> None:
    long, short = summary(mixed, history()), comment(mixed, history())
    room = SUMMARY_LIMIT - len(long.encode())
    assert step_summary(mixed, history()) == step_summary(mixed, history(), taken=room) == long
    assert step_summary(mixed, history(), taken=room + 1) == short
    assert "`summary.md` of the run has it" in step_summary(mixed, history(), taken=SUMMARY_LIMIT - 200)
    assert step_summary(mixed, history(), taken=SUMMARY_LIMIT) == ""


def test_summary_of_very_many_findings_fits(
    row: Callable[..., RequirementResult],
    finding: Callable[..., Finding],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    def long(number: int) -> dict[str, Any]:
        return {"findings": [finding(message=f"{number}" + "漢" * 10_000, observed="漢" * 10_000)]}

    described = results(
        *(row(f"a.{number}", "failed", statement="漢" * 1_000, **long(number)) for number in range(900))
    )
    assert len(summary(described, history()).encode()) > SUMMARY_LIMIT
    assert step_summary(described, history()) == comment(described, history())
