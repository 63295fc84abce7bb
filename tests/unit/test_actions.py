"""In a step of GitHub Actions a command adds to the summary and prints annotations, and nowhere else."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from batchproof.actions import describe_to_actions
from batchproof.contract import Contract
from batchproof.history import Footer, History
from batchproof.judging import Results, judge

SHA = "0" * 64


@pytest.fixture
def judged(acme: Contract, build: Any) -> tuple[Results, History]:
    looks = (
        build.exchange("get_batch", at, body=build.batch(status))
        for at, status in enumerate(("done", "running"))
    )
    history = History(build.header(), tuple(looks), (), Footer(ended=2, exchanges=2), SHA)
    return judge(acme, history), history


def described(judged: tuple[Results, History], environment: dict[str, str]) -> str:
    shown = io.StringIO()
    describe_to_actions(*judged, Console(file=shown, width=80), environment)
    return shown.getvalue()


@pytest.mark.parametrize("environment", [{}, {"GITHUB_ACTIONS": "false"}, {"GITHUB_STEP_SUMMARY": ""}])
def test_elsewhere_nothing_is_told(judged: Any, environment: dict[str, str]) -> None:
    assert described(judged, environment) == ""


def test_annotations_are_lines_of_their_own(judged: Any) -> None:
    lines = described(judged, {"GITHUB_ACTIONS": "true"}).splitlines()
    assert len(lines) > 1
    assert all(line.startswith(("::error title=", "::warning title=")) for line in lines)


def test_summary_is_added_to_what_is_there(judged: Any, tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.write_text("# before\n")
    assert described(judged, {"GITHUB_STEP_SUMMARY": str(file)}) == ""
    before, _, ours = file.read_text().partition("\n")
    assert (before, ours.splitlines()[0].partition(":")[0]) == ("# before", "# acme/1")


def test_summary_that_cannot_be_written_is_told_and_breaks_nothing(
    judged: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert described(judged, {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "file")}) == ""
    assert capsys.readouterr().err.startswith("batchproof: GITHUB_STEP_SUMMARY: ")
