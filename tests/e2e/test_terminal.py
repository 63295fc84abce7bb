"""What a healthy core run prints: 25 lines at most where nobody looks on, and no more than one screen where somebody does."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

ROWS, COLUMNS = 24, 80
MOST_LINES = 25
COMMAND = [sys.executable, "-m", "batchproof", "run", "--contract", "talonic/v1", "--output", "out"]
# what moves the cursor up again, and what clears a line; rich redraws its changing lines with them
UP = re.compile(r"\x1b\[(\d*)A")
OTHER = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def environment() -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "GITHUB"))
    }
    return {**kept, "TERM": "xterm-256color", "BATCHPROOF_TOKEN": "tok_terminal"}


def on_a_terminal(folder: Path) -> tuple[int, str]:
    """Runs the command on a terminal of 80 by 24: its exit code, and all that it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with subprocess.Popen(
        COMMAND, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    ) as process:
        os.close(theirs)
        written = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:
                # Linux says so once nobody has the other end any more
                break
            if not piece:
                break
            written += piece
        os.close(ours)
        return process.wait(), written.decode()


def height(written: str) -> int:
    """How many lines of the screen were in use, at most, counted from the first one that the run wrote to."""
    row = most = 0
    for token in re.split(r"(\n|\x1b\[\d*A)", written):
        if token == "\n":
            row += 1
        elif (up := UP.fullmatch(token)) is not None:
            row -= int(up[1] or "1")
        elif OTHER.sub("", token):
            most = max(most, row + 1)
    return most


@pytest.mark.slow
def test_one_screen_on_a_terminal(tmp_path: Path) -> None:
    code, written = on_a_terminal(tmp_path)
    shown = OTHER.sub("", written)
    assert code == 0, shown
    # it told of its progress in place, and of what it came to
    assert UP.search(written) is not None
    assert "scenarios" in shown
    assert "PASSED" in shown
    # the line of the next prompt needs a place, too
    assert height(written) < ROWS
    assert [line for line in re.split(r"\n", shown) if len(line) > COLUMNS * 4] == []


@pytest.mark.slow
def test_25_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND, cwd=tmp_path, capture_output=True, text=True, env=environment(), check=False, timeout=300
    )
    lines = (done.stdout + done.stderr).splitlines()
    assert done.returncode == 0
    assert lines[-1].startswith("PASSED")
    assert len(lines) <= MOST_LINES
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_the_height_is_that_of_the_lines_that_were_in_use() -> None:
    assert height("a\r\nb\r\nc\r\n\x1b[2A\x1b[2Kd\r\n") == 3
    assert height("\n" * 3 + "x") == 4
