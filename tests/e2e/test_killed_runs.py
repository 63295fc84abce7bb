"""Runs that are killed while requests are on their way, and go on: the bill at the server is the limit or less."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchproof import emulator
from batchproof.places import schemas_dir

FAULTS = ("created-at-drifts", "not-found-is-200", "list-loses-a-run")
AT_MOST_S = 120
WORKERS = 16
TOKEN = "tok_killed_5d0e81"


class Limits(NamedTuple):
    """What a run may spend, and how often it is killed: at any moment, or where a finding ``again`` costs a document."""

    seed: int
    runs: int
    requests: int
    kills: int
    again: bool = False


class Bill:
    """An emulator that counts the requests, and the documents that it agrees to process, before it answers late."""

    def __init__(self, app: ASGIApp, seed: int) -> None:
        self.requests = 0
        self.documents = 0
        self._app = app
        self._chosen = random.Random(seed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.requests += 1
        body = bytearray()

        async def heard() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] == 200 and scope["method"] == "POST" and body:
                    self.documents += len(json.loads(body).get("inputs", ["one"]))
                await asyncio.sleep(self._chosen.random() * 0.1)
            await send(message)

        await self._app(scope, heard, said)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in an empty folder."""
    (tmp_path / "batchproof.toml").write_text("[limits]\npoll_interval_s = 0.05\n")
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "batchproof", "run", "--workers", str(WORKERS), *arguments],
            cwd=tmp_path,
            env={**kept, "BATCHPROOF_TOKEN": TOKEN, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Three runs in CI; ten seeds of each, killed more often, as the whole proof."""
    whole = metafunc.config.getoption("--proof") == "whole"
    kills = 8 if whole else 2
    runs = [
        limits
        for seed in range(10 if whole else 1)
        for limits in (
            Limits(seed, 20, 400, kills),
            Limits(seed, 2_000, 120, kills),
            Limits(seed, 14, 4_000, kills, again=True),
        )
    ]
    if "limits" in metafunc.fixturenames:
        metafunc.parametrize(
            "limits", runs, ids=lambda limits: f"{limits.runs}-{limits.requests}-{limits.seed}"
        )


def test_bill_of_a_run_that_is_killed_again_and_again_is_within_its_limits(
    limits: Limits, start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    chosen = random.Random(limits.seed)
    # few scenarios, so that something is left for what they found
    only = ("--", "-k", "test_batch_runs_to_its_end and extract") if limits.again else ()
    bill = Bill(emulator.create_app("extend/2026-02-09", faults=list(FAULTS)), limits.seed)
    with emulator.Server(bill) as server:
        process = start(
            *("--target", server.url, "--output", "out", "--max-runs", str(limits.runs)),
            *("--max-requests", str(limits.requests), *only),
        )
        for _ in range(limits.kills):
            if limits.again:
                await_a_document_again(bill, process, folder)
            else:
                await_some(bill, process, folder, chosen.randrange(1, 30))
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=AT_MOST_S)
            process = start("--resume", "out")
        _, err = process.communicate(timeout=AT_MOST_S)
    assert (err, bill.documents <= limits.runs, bill.requests <= limits.requests) == ("", True, True)
    spent = events(folder)
    documents = sum(event.get("documents", 0) for event in spent)
    assert bill.documents <= documents <= limits.runs
    # the history of a run that ends says all that was spent
    assert not (folder / "spending.json").exists()


def await_some(bill: Bill, process: subprocess.Popen[str], folder: Path, requests: int) -> None:
    """Waits for some requests more, or for the end: whatever the run is busy with then."""
    enough = bill.requests + requests
    until(lambda: process.poll() is not None or (bill.requests >= enough and begun(folder)))


def await_a_document_again(bill: Bill, process: subprocess.Popen[str], folder: Path) -> None:
    """Waits until a document is processed for a finding that is sent again, of which the run has not heard yet."""
    until(lambda: process.poll() is not None or (folder / "history.main.ndjson").exists())
    before = bill.documents
    until(lambda: process.poll() is not None or bill.documents > before)


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + AT_MOST_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def begun(folder: Path) -> bool:
    return any(b"\n" in file.read_bytes() for file in folder.glob("history*.ndjson"))


def events(folder: Path) -> list[dict[str, Any]]:
    """The events of a history, which is what its schema says."""
    known = jsonschema_rs.validator_for(
        json.loads((schemas_dir() / "batchproof" / "history.json").read_text())
    )
    found = [json.loads(line) for line in (folder / "history.ndjson").read_text().splitlines()]
    for event in found:
        known.validate(event)
    return found
