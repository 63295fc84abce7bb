"""The tutorial of ``schemas/README.md``: every file is written and every command is run, and what it shows is printed."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "schemas" / "README.md").read_text("utf-8")
TUTORIAL = PAGE[PAGE.index("## Tutorial") : PAGE.index("## Reference")]
_BLOCK = re.compile(
    r"(?:^\*\*`(?P<file>[^`]+)`\*\*\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL
)
_ENDED = "--- ended with "
PORT = "8000"


class Block(NamedTuple):
    """One block of code: a file if it has a name, else commands (``sh``) or what they print (``text``)."""

    file: str | None
    kind: str
    text: str


BLOCKS = [Block(match["file"], match["kind"], match["text"]) for match in _BLOCK.finditer(TUTORIAL)]


class Shell:
    """One shell for all commands, as a reader has one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, commands: str) -> tuple[str, int]:
        """What the commands print, and how the last one ends."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f'{commands}\necho "{_ENDED}$?"\n')
        self._process.stdin.flush()
        printed: list[str] = []
        for line in self._process.stdout:
            if line.startswith(_ENDED):
                return "".join(printed), int(line.removeprefix(_ENDED))
            printed.append(line)
        raise AssertionError("the shell has ended: " + "".join(printed))


@contextmanager
def opened(folder: Path) -> Iterator[Shell]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
    }
    with subprocess.Popen(
        ["bash"],
        cwd=folder,
        env={**kept, "PATH": path, "NO_COLOR": "1", "COLUMNS": "200"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        yield Shell(process)
        process.communicate("kill $(jobs -p)\n", timeout=30)


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_the_server_is_short_and_needs_the_standard_library_alone() -> None:
    (server,) = [block.text for block in BLOCKS if block.file == "server.py"]
    assert len(server.splitlines()) <= 40
    imported = re.findall(r"^(?:import|from) (\w+)", server, re.MULTILINE)
    assert set(imported) <= sys.stdlib_module_names


@pytest.mark.slow
def test_tutorial(tmp_path: Path) -> None:
    port = free_port()
    printed, codes, shown = "", [], 0
    with opened(tmp_path) as shell:
        for block in BLOCKS:
            text = block.text.replace(PORT, str(port))
            if block.file is not None:
                # the server is the one file that the skeleton does not lie around
                assert (tmp_path / block.file).parent.is_dir()
                (tmp_path / block.file).write_text(text, "utf-8")
            elif block.kind == "text":
                for line in block.text.splitlines():
                    assert " ".join(line.split()) in " ".join(printed.split())
                shown += 1
            else:
                assert block.kind == "sh"
                printed = ""
                for line in text.splitlines():
                    said, code = shell.run(line)
                    printed += said
                    if line.startswith("batchproof"):
                        codes.append(code)
                    else:
                        assert code == 0, (line, said)
                    if line.endswith("&"):
                        until(lambda: answers(port))
                    elif line.startswith("kill"):
                        until(lambda: not answers(port))
    assert "Traceback" not in printed
    assert (codes, shown) == ([0, 0, 0, 0, 1], 4)
