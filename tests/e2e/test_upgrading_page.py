"""``docs/upgrading.md``: its commands run, and what it shows is what is printed."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hars import har, write
from tests.upgrades import creation, moved

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
LINES = [line for block in BLOCKS for line in block.replace("\\\n", "").splitlines()]
# the recorder waits for a program; tests/e2e/test_traffic.py runs it
COMMANDS = [line for line in LINES if not line.startswith("batchproof record ")]
LIST = (ROOT / "tests" / "interop" / "migration" / "httpx.list").read_text(encoding="utf-8")
SHOWN = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
(REHEARSAL,) = (command for command in COMMANDS if "--rehearse" in command)
(REHEARSED,) = (piece for piece in SHOWN if piece.startswith("Rehearsed"))


@pytest.mark.parametrize("command", COMMANDS)
def test_command(batchproof: Callable[..., Any], tmp_path: Path, command: str) -> None:
    for day in ("monday", "latest"):
        shutil.copytree(ROOT / "reports" / "sample" / "healthy", tmp_path / "reports" / day)
    if "--recorded" in command:
        batchproof(*REHEARSAL.split()[1:])
    write(tmp_path / "older.ndjson", har(creation()))
    write(tmp_path / "newer.ndjson", har(moved()))
    (tmp_path / "reads.txt").write_text("create_processor_run: /processorRun/id\n")
    (tmp_path / "reads-now.txt").write_text("create_extract_run: /id\n")
    for name in ("handles.txt", "handles-now.txt"):
        (tmp_path / name).write_text("PROCESSED\nPENDING\n402\n422\n")
    done = batchproof(*command.split()[1:])
    if "--check" in command:
        # what no traffic shows was not accepted
        assert (done.code, done.err) == (3, "")
        return
    breaks = "upgrade" in command and "--fail-on" not in command
    assert (done.code, done.err == "") == (1 if breaks else 0, command != REHEARSAL)
    if command == REHEARSAL:
        assert REHEARSED in done.out


def test_output_shown_is_the_output_printed(batchproof: Callable[..., Any]) -> None:
    printed = batchproof(*COMMANDS[0].split()[1:], "-v").out
    # that of tests/interop/migration/ is printed in tests/interop/
    assert [piece for piece in SHOWN if piece not in printed and piece not in LIST] == [REHEARSED]
    assert len(SHOWN) == 10


def test_the_example_of_accepted_changes_is_read(batchproof: Callable[..., Any], tmp_path: Path) -> None:
    examples = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) == 2
    (tmp_path / "accepted.toml").write_text("\n".join(examples), encoding="utf-8")
    done = batchproof(*COMMANDS[0].split()[1:], "--accepted", "accepted.toml")
    assert (done.code, done.err) == (1, "")
    assert "Accepted, so that they fail nothing: 1" in done.out
