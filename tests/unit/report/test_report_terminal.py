import io
import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len
from rich.console import Console

from batchproof.history import History, Unmet
from batchproof.history.events import HaltReason
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import GaveUp, Halted, TokenRefused
from batchproof.report import Detail, print_results
from batchproof.report.gave_up import gave_up_lines
from batchproof.report.markdown import summary

FOLDER = Path("reports/20260102T030405Z-acme-v1")


def printed(results: Results, history: History, *, detail: Detail = "full", colour: bool = False) -> str:
    stream = io.StringIO()
    console = Console(
        file=stream, width=80, force_terminal=colour, color_system="standard" if colour else None
    )
    print_results(results, history, console, folder=FOLDER, detail=detail)
    return stream.getvalue()


def test_the_claim_first_and_the_verdict_last(mixed: Results, history: Callable[..., History]) -> None:
    lines = printed(mixed, history()).splitlines()
    assert lines[0].startswith("meets 1 of 2 MUST requirements")
    assert lines[-1] == "FAILED: 1 MUST requirement failed (exit 1)"


def test_findings_in_full_and_warnings_briefly(mixed: Results, history: Callable[..., History]) -> None:
    text = printed(mixed, history())
    for part in (
        "  batch.status (MUST)\n    The status is one of",
        "    expected  one of PENDING, PROCESSED\n",
        '    observed  "processed"\n',
        "    at        /status\n",
        "    exchange  GET /batch_runs/bpr_1 → 200 (x1)\n",
        "    exchange  GET /batch_runs/bpr_1 → 200 (x2)\n",
        "    seen      2 times\n",
        '      -H "authorization: Bearer $BATCHPROOF_TOKEN"\n',
        "  batch.name (SHOULD)\n",
    ):
        assert part in text
    assert text.count("curl -i") == 1


def test_inconclusive_rows_share_a_line(
    mixed: Results, history: Callable[..., History], nobody_known: Unmet
) -> None:
    text = printed(mixed, history(unmet=(nobody_known,)))
    assert (
        "  2 MUST: a precondition was not met: no batch is known\n"
        "    option: give batch_ids\n"
        "    batch.end, batch.stop\n"
    ) in text
    assert "  1 MAY: nothing in this run exercised them\n    option: batchproof explain batch.rare\n" in text


def test_interpretations_and_files(mixed: Results, history: Callable[..., History]) -> None:
    text = printed(mixed, history())
    assert (
        "  1: answers show which interpretation the server follows, and how often\n    batch.zone: utc (3)\n"
        in text
    )
    assert "summary.md has a question that can be sent to the vendor" in " ".join(text.split())
    assert f"  {FOLDER}\n" in text


def test_trouble_is_one_line(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    rows = [
        row(f"a.r{number}", "inconclusive", reason="target_error", detail="it is down")
        for number in range(100)
    ]
    text = printed(results(*rows, trouble="it is down"), history())
    assert "The server could not be tested\n  it is down\n" in text
    assert "a.r1" not in text
    assert text.splitlines()[-1] == "INCONCLUSIVE: the server could not be tested (exit 3)"


def test_scenarios_that_gave_up_are_told_by_reason(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    slow = [GaveUp(scenario=f"t{number}", detail="it did not end", option="wait") for number in (1, 2, 3)]
    gave_up = results(
        row("a.b"),
        verdict="inconclusive",
        exit_code=3,
        gave_up=[*slow, GaveUp(scenario="u", detail="status 502")],
    )
    text = printed(gave_up, history())
    assert "\nScenarios that gave up: 4\n  t1 and 2 more: it did not end (wait)\n  u: status 502\n" in text
    assert text.splitlines()[-1] == "INCONCLUSIVE: 4 scenarios gave up (exit 3)"
    markdown = summary(gave_up, history())
    assert "## Scenarios that gave up\n\n* t1 and 2 more: it did not end (wait)\n" in markdown


def test_many_reasons_are_cut(row: Callable[..., RequirementResult], results: Callable[..., Results]) -> None:
    gave_up = [GaveUp(scenario=f"t{number}", detail=f"status {number}") for number in range(30)]
    lines = gave_up_lines(results(row("a.b"), gave_up=gave_up))
    assert (len(lines), lines[-1]) == (11, "and 20 other reasons (results.json)")


def test_token_that_is_refused_comes_first(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    refused = TokenRefused(since_s=12.34, exchange="x7", status=401, count=9)
    described = results(row("a.b", "inconclusive"), token_refused=refused)
    text = printed(described, history())
    assert (
        "The token is refused\n  the server refuses the token since second 12.3 of the run (status 401, 9"
        in text
    )
    assert text.splitlines()[-1] == "INCONCLUSIVE: the token is refused since second 12.3 (exit 3)"
    assert "## The token is refused\n\nthe server refuses the token since" in summary(described, history())


@pytest.mark.parametrize(
    ("why", "last"),
    [
        ("unreachable", "INCONCLUSIVE: the server does not answer since second 12.3 (exit 3)"),
        ("token_refused", "INCONCLUSIVE: the token is refused since second 12.3 (exit 3)"),
    ],
)
def test_run_that_stopped_asking_says_so_once(
    row: Callable[..., RequirementResult],
    results: Callable[..., Results],
    history: Callable[..., History],
    why: HaltReason,
    last: str,
) -> None:
    refused = TokenRefused(since_s=12.34, exchange="x7", status=401, count=9)
    described = results(
        row("a.b", "inconclusive"),
        halted=Halted(why=why, since_s=12.34, exchange="x7", count=9, described="no answer since then"),
        token_refused=refused if why == "token_refused" else None,
    )
    text, markdown = printed(described, history()), summary(described, history())
    assert "\nThe run stopped asking\n  no answer since then\n" in text
    assert "## The run stopped asking\n\nno answer since then\n" in markdown
    assert (text.splitlines()[-1], "The token is refused" in text + markdown) == (last, False)


def test_quiet(mixed: Results, history: Callable[..., History]) -> None:
    lines = printed(mixed, history(), detail="quiet").splitlines()
    assert lines[-2:] == ["failed: batch.status", "FAILED: 1 MUST requirement failed (exit 1)"]
    assert len(lines) == 4


def test_the_other_verdicts(
    row: Callable[..., RequirementResult], results: Callable[..., Results], history: Callable[..., History]
) -> None:
    passed = results(row("a.b"))
    unseen = results(row("a.b", "inconclusive"), row("a.c", "inconclusive"))
    cut = msgspec.structs.replace(passed, verdict="inconclusive", exit_code=3)
    assert printed(passed, history()).endswith(
        "PASSED: every MUST requirement that profile core owes is met (exit 0)\n"
    )
    assert printed(unseen, history()).endswith(
        "\nINCONCLUSIVE: 2 MUST requirements were not established (exit 3)\n"
    )
    assert printed(cut, history(whole=False)).endswith("the run was cut off before its end (exit 3)\n")


def test_eighty_columns(mixed: Results, history: Callable[..., History], nobody_known: Unmet) -> None:
    assert max(map(len, printed(mixed, history(unmet=(nobody_known,))).splitlines())) <= 80


def test_colour_only_adds(mixed: Results, history: Callable[..., History]) -> None:
    coloured = printed(mixed, history(), colour=True)
    assert coloured != printed(mixed, history())
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(mixed, history())


def test_hostile_text_steers_nothing(poisoned: Results, poisoned_history: History) -> None:
    for colour in (False, True):
        text = re.sub(r"\x1b\[[0-9;]*m", "", printed(poisoned, poisoned_history, colour=colour))
        assert all(character.isprintable() or character == "\n" for character in text)
        too_long = [line for line in text.splitlines() if cell_len(line) > 80]
        assert all(line.lstrip().startswith(("--url", "-H", "--data-raw")) for line in too_long)


def test_markup_is_shown_as_it_is(
    row: Callable[..., RequirementResult],
    finding: Callable[..., object],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    text = printed(
        results(row("a.b", "failed", findings=[finding(message="[red]x[/red] :smile:")])), history()
    )
    assert "[red]x[/red] :smile:" in text


def test_a_console_that_knows_only_ascii(mixed: Results, history: Callable[..., History]) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    print_results(mixed, history(), Console(file=stream, width=80), folder=FOLDER, detail="full")
    assert b"GET /batch_runs/bpr_1 -> 200 (x1)" in raw.getvalue()


def test_an_exchange_that_is_not_in_the_history(
    row: Callable[..., RequirementResult],
    finding: Callable[..., object],
    results: Callable[..., Results],
    history: Callable[..., History],
) -> None:
    text = printed(results(row("a.b", "failed", findings=[finding(exchanges=["x99"])])), history())
    assert "exchange  x99 (not in this history)" in text
    assert "curl" not in text
