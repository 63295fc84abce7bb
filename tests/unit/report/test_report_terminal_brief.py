"""What the terminal says where nobody asks for more: one screen, and what is broken in words."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from batchproof.contract.expected import Expected
from batchproof.history import History, Unmet
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import GaveUp, InterpretationSeen, Shown, Shrunken, Unexpected
from batchproof.report import print_results

from .conftest import PAGE

Make = Callable[..., Any]


def printed(results: Results, history: History, folder: Path | None = None) -> str:
    stream = io.StringIO()
    print_results(results, history, Console(file=stream, width=80), folder=folder)
    return stream.getvalue()


def test_a_finding_is_told_in_a_headline_and_three_lines(
    row: Make, finding: Make, results: Make, history: Make
) -> None:
    found = finding(
        headline='batch: status is "processed", which is none of the documented values',
        shown=[Shown(text='"processed" at status')],
        count=344,
    )
    text = printed(results(row("batch.status", "failed", findings=[found])), history())
    assert (
        "\nFailed MUST requirements: 1\n\n"
        '  batch: status is "processed", which is none of the documented values\n'
        "    asked  GET /batch_runs/bpr_1 → 200 (x1)\n"
        '    came   "processed" at status\n'
        "    says   The status is one of PENDING, PROCESSED. (MUST batch.status)\n"
    ) in text
    assert "curl" not in text


def test_what_breaks_several_requirements_is_told_once(
    row: Make, finding: Make, results: Make, history: Make
) -> None:
    rows = [row(f"batch.{name}", "failed", findings=[finding(headline="it is wrong")]) for name in "abc"]
    text = printed(results(*rows), history())
    assert "\n  it is wrong (and 2 more requirements)\n" in text
    assert text.count("it is wrong") == 1
    assert "Failed MUST requirements: 3\n" in text


def test_many_findings_are_named_and_a_great_many_counted(
    row: Make, finding: Make, results: Make, history: Make
) -> None:
    rows = [
        row(f"batch.r{number}", "failed", findings=[finding(headline=f"wrong {number}")])
        for number in range(60)
    ]
    lines = printed(results(*rows), history()).splitlines()
    assert sum(line.startswith("    says") for line in lines) == 12
    assert "  wrong 39" in lines
    assert "  wrong 40" not in lines
    assert "  and 20 more (--verbose)" in lines


def test_the_command_that_shows_it_again(
    row: Make, finding: Make, results: Make, history: Make, tmp_path: Path
) -> None:
    found = finding(reproduction=Shrunken(outcome="reproduced", exchanges=["x1"], detail=None))
    script = tmp_path / "replays" / f"{found.fingerprint}.json"
    script.parent.mkdir()
    script.write_text("{}")
    text = printed(results(row("batch.status", "failed", findings=[found])), history(), tmp_path)
    assert f"\n    batchproof replay {tmp_path}/replays/{script.name}\n" in text


def test_what_was_not_established_is_one_line_for_each_way_to_change_it(
    mixed: Results, history: Make, nobody_known: Unmet
) -> None:
    text = printed(mixed, history(unmet=(nobody_known,)))
    assert (
        "\nNot established: 3\n"
        "  2 MUST: a precondition was not met: no batch is known; give batch_ids\n"
        "  1 MAY: nothing in this run exercised them; batchproof explain batch.rare\n"
    ) in text


def test_many_reasons_are_counted(row: Make, results: Make, history: Make) -> None:
    rows = [row(f"a.r{n}", "inconclusive", reason="target_error", detail=f"d{n}") for n in range(10)]
    text = printed(results(*rows), history())
    assert "  1 MUST: the server did not let a scenario come to its end: d5\n  and 4 more for 4 other" in text


def test_contradictions_are_one_line(mixed: Results, history: Make) -> None:
    text = " ".join(printed(mixed, history(), Path("reports/r")).split())
    assert (
        "1 point on which the documentation contradicts itself, 1 of them with an answer of this server: summary.md"
        in text
    )
    assert "reports: reports/r" in text


def test_warnings_are_headlines(mixed: Results, history: Make) -> None:
    text = printed(mixed, history())
    assert 'Warnings (they fail nothing): 1\n  "processed" is not one of the values\n' in text


def test_a_healthy_core_run_is_one_screen(row: Make, results: Make, history: Make) -> None:
    interpretations = [
        InterpretationSeen(interpretation=name, says=name, source=PAGE, observations=1) for name in "ab"
    ]
    rows = [row(f"a.r{number}") for number in range(500)] + [
        row(
            f"b.r{number}",
            "inconclusive",
            reason="documentation_contradicts",
            interpretations=interpretations,
        )
        for number in range(70)
    ]
    text = printed(results(*rows, verdict="passed", exit_code=0), history(), Path("reports/r"))
    # twelve lines of progress and two of the plan are the most that stand above
    assert len(text.splitlines()) <= 25 - 14


def test_what_kept_a_run_from_more_is_told(row: Make, results: Make, history: Make) -> None:
    described = results(
        row("a.b"),
        verdict="inconclusive",
        exit_code=3,
        gave_up=[GaveUp(scenario=f"t{number}", detail=f"status {number}") for number in range(6)],
        unexpected=[Unexpected(operation="submit", answer="400", count=2, exchanges=["x1"])],
        strangers=["d1"],
    )
    text = printed(described, history())
    assert "Scenarios that gave up: 6\n  t0: status 0\n  t1: status 1\n  t2: status 2\n  and 3 more" in text
    assert "success: 1\n  submit: 400, 2 times (x1)\n" in text
    assert "1 delivery of strangers was recorded, and not judged\n" in text


def test_trouble_is_told_alone(row: Make, results: Make, history: Make) -> None:
    rows = [row(f"a.r{number}", "inconclusive", reason="target_error", detail="down") for number in range(9)]
    text = printed(results(*rows, trouble="it is down"), history())
    assert "The server could not be tested\n  it is down\n" in text
    assert "Not established" not in text


def test_what_is_expected_is_counted(row: Make, finding: Make, results: Make, history: Make) -> None:
    entry = Expected(entry="batchproof.toml, entry 1", reason="It is known.", requirement="batch.status")
    known: RequirementResult = row(
        "batch.status", "failed", findings=[finding(expectation=entry)], expected=True
    )
    text = printed(results(known, row("a.b"), verdict="passed", exit_code=0), history())
    assert "1 requirement failed as expected (--verbose)\n" in text
    assert "Failed" not in text


def test_colour_only_adds(mixed: Results, history: Make) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system="standard")
    print_results(mixed, history(), console, folder=None)
    assert re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()) == printed(mixed, history())


@pytest.mark.usefixtures("hostile")
def test_hostile_text_steers_nothing(poisoned: Results, poisoned_history: History) -> None:
    text = printed(poisoned, poisoned_history)
    assert all(character.isprintable() or character == "\n" for character in text)
    brief = msgspec.structs.replace(poisoned, claim="meets 0 of 1")
    assert len(printed(brief, poisoned_history).splitlines()) < 60
