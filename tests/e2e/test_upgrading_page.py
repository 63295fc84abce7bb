"""``docs/upgrading.md``: its commands run, and what it shows is what is printed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]
SHOWN = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
(REHEARSAL,) = (command for command in COMMANDS if "--rehearse" in command)
(REHEARSED,) = (piece for piece in SHOWN if piece.startswith("Rehearsed"))


@pytest.mark.parametrize("command", COMMANDS)
def test_command(batchproof: Callable[..., Any], tmp_path: Path, command: str) -> None:
    for day in ("monday", "latest"):
        shutil.copytree(ROOT / "reports" / "sample", tmp_path / "reports" / day)
    if "--recorded" in command:
        batchproof(*REHEARSAL.split()[1:])
    done = batchproof(*command.split()[1:])
    breaks = "upgrade" in command and "--fail-on" not in command
    assert (done.code, done.err == "") == (1 if breaks else 0, command != REHEARSAL)
    if command == REHEARSAL:
        assert REHEARSED in done.out


def test_output_shown_is_the_output_printed(batchproof: Callable[..., Any]) -> None:
    printed = batchproof(*COMMANDS[0].split()[1:], "-v").out
    assert [piece for piece in SHOWN if piece not in printed] == [REHEARSED]
    assert len(SHOWN) == 5


def test_the_example_of_accepted_changes_is_read(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "accepted.toml").write_text(example, encoding="utf-8")
    done = batchproof(*COMMANDS[0].split()[1:], "--accepted", "accepted.toml")
    assert (done.code, done.err) == (1, "")
    assert "Accepted, so that they fail nothing: 1" in done.out
