"""``docs/recorded-traffic.md``: its commands and its programs do what it says."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from batchproof.cli import commands

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "recorded-traffic.md").read_text()
COMMANDS = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
PROGRAM, FIXTURE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_and_options_of_the_page_exist(command: str) -> None:
    _, name, *arguments = shlex.split(command)
    described = CliRunner().invoke(commands, [name, "--help"]).output
    assert [item for item in arguments if item.startswith("--") and item not in described] == []


def test_options_named_in_the_text_exist() -> None:
    described = "".join(CliRunner().invoke(commands, [name, "--help"]).output for name in ("judge", "record"))
    named = set(re.findall(r"`(--[a-z-]+)", PAGE))
    assert [name for name in named if name not in described] == []


def test_the_program_of_the_page(served: Callable[..., str], capsys: pytest.CaptureFixture[str]) -> None:
    program = PROGRAM.replace("https://api.example.com", served()).replace("Bearer …", "Bearer tok_1")
    names: dict[str, Any] = {}
    exec(program, names)
    names["client"].close()
    assert capsys.readouterr().out.startswith("meets ")
    assert names["results"].failing == []


def test_the_fixture_of_the_page_is_that_of_the_plugin() -> None:
    assert 'pytest_plugins = ["batchproof.pytest_recorder"]' in FIXTURE
    assert "def test_my_program(batchproof_recorder)" in FIXTURE
