"""A run and its judgement stay under 400 MB, whatever the size of the answers."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchproof import emulator
from batchproof.emulator import Server

MIB = 1024 * 1024
MOST_MB = 400
LARGEST = 16 * MIB - 32
BODIES: dict[str, Callable[[], bytes]] = {
    "string": lambda: b'{"a":"' + b"x" * LARGEST + b'"}',
    "wide-string": lambda: '{"a":"😀'.encode() + b"x" * (LARGEST - 8) + b'"}',
    "escapes": lambda: b'{"a":"' + rb"\u0001" * (LARGEST // 6) + b'"}',
    "escapes-among-words": lambda: b'{"a":"' + rb"w\u00f6rd " * (LARGEST // 10) + b'"}',
    "no-json": lambda: b"\xff" * LARGEST,
    "many-values": lambda: b'{"data":[' + b"{}," * (LARGEST // 3) + b"{}]}",
}
# each costs a quarter of a minute; without ``--proof whole`` those that need most
SAMPLE = ("escapes-among-words", "many-values", "wide-string")
# getrusage also counts what the parent had when it forked
MEASURED = """
import atexit, pathlib, runpy, sys
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print("peak", status.read_text().split("VmHWM:")[1].split()[0], file=sys.stderr))
sys.argv[0] = "batchproof"
runpy.run_module("batchproof", run_name="__main__")
"""


def peak_of(folder: Path, *arguments: str) -> tuple[int, int]:
    """The exit code of a command, and its peak in MB."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", MEASURED, *arguments],
        cwd=folder,
        env={**os.environ, "BATCHPROOF_TOKEN": "tok_canary_memory_01"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, int(done.stderr.split("peak ")[-1]) // 1024


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", BODIES if metafunc.config.getoption("proof") == "whole" else SAMPLE)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process")
def test_large_answers_stay_in_bounds(tmp_path: Path, name: str) -> None:
    body = BODIES[name]()

    async def answer(request: Request) -> Response:
        return Response(body, media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "DELETE"])])
    (tmp_path / "memory.toml").write_text("[limits]\npoll_timeout_s = 1\npoll_interval_s = 0.1\n")
    with Server(app) as server:
        run = peak_of(
            tmp_path,
            *("run", "--target", server.url, "--profile", "quick", "--max-requests", "12"),
            *("--config", "memory.toml", "--output", "out"),
        )
    judged = peak_of(tmp_path, "judge", "out/history.ndjson")
    assert (run[0] in (1, 3), judged[0] == run[0]) == (True, True)
    assert max(run[1], judged[1]) < MOST_MB, (run, judged)


class Padded:
    """A healthy server each of whose objects has fifteen megabytes more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._pad = b',"pad":"' + b"x" * (LARGEST - MIB) + b'"}'

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def padded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name != b"content-length"]
                message = {**message, "headers": kept}
            elif message.get("body", b"").endswith(b"}"):
                message = {**message, "body": message["body"][:-1] + self._pad}
            await send(message)

        await self._app(scope, receive, padded)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a process")
def test_sixteen_workers_need_no_more_for_large_answers(tmp_path: Path) -> None:
    with Server(Padded(emulator.create_app("extend/2025-04-21"))) as server:
        code, peak = peak_of(
            tmp_path,
            *("run", "--contract", "extend/2025-04-21", "--target", server.url, "--profile", "quick"),
            *("--max-runs", "20", "--output", "out", "--quiet"),
        )
    assert (code, peak < MOST_MB) == (3, True), peak
