"""Runs that end before their time: signals and a full disk, at moments chosen at random in each phase.

Six moments are tried, and twenty with ``--proof whole``.
"""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from batchproof import emulator
from batchproof.folders import REPORTS

Phase = Literal["scenarios", "again", "judging", "reports"]
PHASES: tuple[Phase, ...] = ("scenarios", "again", "judging", "reports")
EVENTS = ("SIGINT", "SIGTERM", "SIGHUP", "full disk")
FAULT = "created-at-drifts"
# a few scenarios that meet the fault; the run has some 30 requests
CHOSEN = "test_first_page or (test_batch_runs_to_its_end and extract)"
AT_MOST_S = 60
# what was on its way when the event came may still arrive
ON_ITS_WAY_S = 0.5


class Moment(NamedTuple):
    """When what happens: in a phase, after so many requests of it."""

    number: int
    event: str
    phase: Phase
    requests: int


def moments(count: int) -> list[Moment]:
    chosen = random.Random(13)
    order = [(event, phase) for phase in PHASES for event in EVENTS]
    chosen.shuffle(order)
    return [
        Moment(number, *order[number % len(order)], chosen.randrange(1, 20 if phase == "scenarios" else 4))
        for number in range(count)
        for phase in [order[number % len(order)][1]]
    ]


class Counted:
    """An emulator that knows when each request arrived."""

    def __init__(self, app: ASGIApp) -> None:
        self.times: list[float] = []
        self.arrived = threading.Condition()
        self.silent = False
        self.unanswered = 0
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            with self.arrived:
                self.times.append(time.monotonic())
                silent = self.silent
                self.unanswered += silent
                self.arrived.notify_all()
            if silent:
                await receive()
                # the client goes away
                await receive()
                return
        await self._app(scope, receive, send)

    def wait(self, count: int) -> None:
        """Waits until so many requests have arrived."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.times) >= count, AT_MOST_S)


@pytest.fixture
def counted() -> Iterator[tuple[Counted, str]]:
    app = Counted(emulator.create_app("extend/2026-02-09", faults=[FAULT]))
    with emulator.Server(app) as server:
        yield app, server.url


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command line in an empty folder."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "batchproof", *arguments],
            cwd=tmp_path,
            env={**kept, "BATCHPROOF_TOKEN": "tok_ended_early_7c1d", "NO_COLOR": "1"},
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


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + AT_MOST_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def cause(event: str, process: subprocess.Popen[str]) -> None:
    if event == "full disk":
        # no byte more is written to any file
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, 0))
    else:
        process.send_signal(getattr(signal, event))


def await_phase(moment: Moment, counted: Counted, folder: Path) -> None:
    if moment.phase == "scenarios":
        counted.wait(moment.requests)
        return
    until((folder / "history.ndjson").is_file)
    if moment.phase == "again":
        until((folder / "history.replay.ndjson").is_file)
        counted.wait(len(counted.times) + moment.requests)
    elif moment.phase == "judging":
        until(lambda: b'"event":"footer"' in ended(folder / "history.ndjson"))
    else:
        until((folder / "results.json").is_file)


def ended(file: Path) -> bytes:
    return file.read_bytes()[-200:] if file.is_file() else b""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "moment" in metafunc.fixturenames:
        chosen = moments(20 if metafunc.config.getoption("--proof") == "whole" else 6)
        metafunc.parametrize("moment", chosen, ids=lambda item: f"{item.number}-{item.event}-{item.phase}")


@pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="a full disk is acted by prlimit, which Linux has"
)
def test_run_that_ends_early(
    counted: tuple[Counted, str], start: Callable[..., Any], tmp_path: Path, moment: Moment
) -> None:
    app, url = counted
    folder = tmp_path / "out"
    settings = tmp_path / "quick.toml"
    settings.write_text("[limits]\npoll_interval_s = 0.05\n")
    process = start(
        "run",
        "--target",
        url,
        "--max-runs",
        "500",
        "--config",
        str(settings),
        "--output",
        str(folder),
        "--",
        "-k",
        CHOSEN,
    )
    await_phase(moment, app, folder)
    cause(moment.event, process)
    happened = time.monotonic()
    out, err = process.communicate(timeout=AT_MOST_S)
    late = [arrived for arrived in app.times if arrived > happened + ON_ITS_WAY_S]
    assert (late, "Traceback" in err) == ([], False)
    if moment.phase in ("judging", "reports") and process.returncode == 1:
        # it had come to its end by then
        assert json.loads((folder / "results.json").read_bytes())["exit_code"] == 1
        return
    if moment.event == "full disk":
        assert (process.returncode, "could not be written" in err, len(err.splitlines())) == (4, True, 1)
        return
    assert process.returncode == 130
    results = json.loads((folder / "results.json").read_bytes())
    assert "cut off before its end" in results["claim"]
    assert (results["exit_code"], "(exit 130)" in out) == (130, True)
    assert sorted(item.name for item in folder.iterdir() if item.name != "replays") == sorted(
        ["history.ndjson", *REPORTS]
    )
    footer = json.loads((folder / "history.ndjson").read_text().splitlines()[-1])
    assert (footer["event"], footer["interrupted"]) == ("footer", True)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are looked for in /proc")
@pytest.mark.parametrize("event", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_run_on_the_emulator_is_one_process(start: Callable[..., Any], tmp_path: Path, event: str) -> None:
    process = start("run", "--contract", "talonic/v1", "--output", "out")
    until((tmp_path / "out" / "history.ndjson").is_file)
    assert children(process.pid) == []
    process.send_signal(getattr(signal, event))
    process.communicate(timeout=AT_MOST_S)
    assert process.returncode == (130 if event != "SIGKILL" else -signal.SIGKILL)


def test_workers_send_nothing_more_either(
    counted: tuple[Counted, str], start: Callable[..., Any], tmp_path: Path
) -> None:
    app, url = counted
    process = start("run", "--target", url, "--max-runs", "500", "--output", "out", "--workers", "4")
    app.wait(20)
    process.send_signal(signal.SIGTERM)
    happened = time.monotonic()
    process.communicate(timeout=AT_MOST_S)
    late = [arrived for arrived in app.times if arrived > happened + 2 * ON_ITS_WAY_S]
    assert (late, process.returncode) == ([], 130)
    assert "cut off before its end" in (tmp_path / "out" / "results.json").read_text()


def test_workers_wait_for_no_answer(
    counted: tuple[Counted, str], start: Callable[..., Any], tmp_path: Path
) -> None:
    app, url = counted
    slow = tmp_path / "slow.toml"
    slow.write_text("[limits]\nrequest_timeout_s = 600\n")
    process = start("run", "--target", url, "--config", str(slow), "--output", "out", "--workers", "2")
    app.wait(10)
    app.silent = True
    with app.arrived:
        assert app.arrived.wait_for(lambda: app.unanswered == 2, AT_MOST_S)
    born = children(process.pid)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=AT_MOST_S)
    events = map(json.loads, (tmp_path / "out" / "history.ndjson").read_text().splitlines())
    cut = [event["id"] for event in events if "interrupted meanwhile" in str(event.get("failure"))]
    # had they been killed, nothing would tell what was on its way
    assert (len(cut), process.returncode) == (2, 130)
    until(lambda: not any(map(runs, born)))
