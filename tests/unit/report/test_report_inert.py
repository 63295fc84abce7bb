"""Nothing that a server says steers a terminal, or is a command to a CI runner, in any artefact or on the terminal."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from rich.console import Console

from batchproof.contract import Contract
from batchproof.folders import REPORTS
from batchproof.history import Exchange, Failure, Request, Response
from batchproof.history.inert import inert
from batchproof.history.writer import line_of
from batchproof.report import Detail, print_results, write_reports
from batchproof.report.printable import visible

# GitHub's, at the beginning of a line; those of Azure Pipelines and TeamCity, anywhere
COMMAND = re.compile(r"(?im)^\s*::|##\[|##vso\[|##teamcity\[")
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
TEXTS = [
    "::error::boom",
    "  ::set-output name=a::b",
    "x\n::stop-commands::t",
    "##vso[task.complete result=Succeeded;]",
    "###[error]",
    "##TeamCity[testFailed name='a']",
    "\x9b31m\x85\x7f",
    "a\u202eb\u2028::error::c",
    "a\u200e\u061cb%0A::add-mask::c",
    "a" * 61 + "::error::b" * 40,
]


def harmful(text: str) -> list[str]:
    return COMMAND.findall(text) + STEERING.findall(text)


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_is_shown_is_no_command(text: str) -> None:
    assert harmful(visible(text)) == []


@pytest.mark.parametrize("hostile", TEXTS, indirect=True)
def test_no_artefact_and_no_terminal_shows_a_command(
    tmp_path: Path, acme: Contract, poisoned: Callable, poisoned_history: Callable
) -> None:
    write_reports(tmp_path, acme, poisoned, poisoned_history)
    shown = io.StringIO()
    for detail in get_args(Detail):
        print_results(
            poisoned, poisoned_history, Console(file=shown, width=80), folder=tmp_path, detail=detail
        )
    found = {file.name: harmful(file.read_text("utf-8")) for file in tmp_path.iterdir()}
    assert found == {name: [] for name in REPORTS}
    assert harmful(shown.getvalue()) == []


@pytest.mark.parametrize("text", TEXTS)
def test_line_of_a_history_is_no_command(text: str) -> None:
    event = Exchange(
        id=text,
        scenario=text,
        operation=None,
        start=0,
        end=1,
        request=Request(method="GET", url=text, headers={text: text}, body={text: text}),
        response=Response(status=200, text=text),
        failure=Failure(kind="protocol", message=text),
    )
    line = line_of(event)
    assert (harmful(line), line.isascii()) == ([], True)


def test_inert_json_says_the_same() -> None:
    assert inert('{"a": "##[b] \x85é"}') == r'{"a": "#\u0023[b] \u0085é"}'
    assert inert('{"a": "\x7f"}') == r'{"a": "\u007f"}'
