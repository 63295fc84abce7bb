"""Runs that are killed at any moment and go on, and plans that several runs share."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchproof import emulator
from batchproof.client import Options, Shard
from batchproof.history import Header
from batchproof.history.writer import line_of
from batchproof.places import schemas_dir
from batchproof.plan import scenarios_of, shared_out
from batchproof.running import Run
from batchproof.session import configure

CONTRACT = "extend/2026-02-09"
FAULT = "created-at-drifts"
# lists that are filled for all, batches, probes, and what meets the fault
CHOSEN = (
    "(test_whole_list and extract) or (test_batch_runs_to_its_end and extract) or test_single_run_to_its_end "
    "or (test_refusal and submit_extract) or (test_same_request_twice and parse)"
)
AT_MOST_S = 120
WORKERS = 2
# as many documents has the largest of these scenarios, or the sending again of what was found
OF_A_SCENARIO = 11
SHARED = (
    "test_whole_list",
    "test_batch_runs_to_its_end",
    "test_single_run_to_its_end",
    "test_same_request_twice",
)
SETTINGS = "[limits]\npoll_interval_s = 0.05\n"


class Counted:
    """An emulator that counts the requests, and the documents that it agrees to process."""

    def __init__(self, app: ASGIApp) -> None:
        self.requests = 0
        self.documents = 0
        self._app = app

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
            if message.get("status") == 200 and scope["method"] == "POST" and body:
                self.documents += len(json.loads(body).get("inputs", ["one"]))
            await send(message)

        await self._app(scope, heard, said)


class Server:
    """A served emulator, and the command line that is run against it."""

    def __init__(self, url: str, app: Counted, folder: Path) -> None:
        self.url = url
        self.app = app
        self.folder = folder
        (folder / "batchproof.toml").write_text(SETTINGS)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
        }
        return subprocess.Popen(
            [sys.executable, "-m", "batchproof", *arguments],
            cwd=self.folder,
            env={**kept, "BATCHPROOF_TOKEN": "tok_resume_7c1d", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin(self, output: str, *more: str, chosen: str = CHOSEN) -> subprocess.Popen[str]:
        return self.start(
            *("run", "--target", self.url, "--max-runs", "2000", "--workers", str(WORKERS)),
            *("--output", output, *more, "--", "-k", chosen),
        )

    def resume(self, output: str, *more: str) -> subprocess.Popen[str]:
        return self.start("run", "--resume", output, "--workers", str(WORKERS), *more)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Serves emulators, each with a folder of its own."""
    servers: list[emulator.Server] = []

    def start(*faults: str) -> Server:
        folder = tmp_path / str(len(servers))
        folder.mkdir()
        app = Counted(emulator.create_app(CONTRACT, faults=list(faults)))
        server = emulator.Server(app)
        server.__enter__()
        servers.append(server)
        return Server(server.url, app, folder)

    yield start
    for server in servers:
        server.__exit__(None, None, None)


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=AT_MOST_S)
    return process.returncode, out, err


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + AT_MOST_S
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def check_formats(folder: Path) -> None:
    """The history is what its schema says."""
    line = jsonschema_rs.validator_for(
        json.loads((schemas_dir() / "batchproof" / "history.json").read_text())
    )
    for event in events(folder):
        line.validate(event)


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "history.ndjson").read_text().splitlines()]


def results(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "results.json").read_bytes())


def verdicts(folder: Path) -> dict[str, str]:
    return {row["id"]: row["verdict"] for row in results(folder)["requirements"]}


def driven(server: Server, name: str, shard: Shard | None = None) -> Path:
    """The folder of a run, or of a shard of it, that has driven a few scenarios in this process."""
    folder = server.folder / name
    contract, settings = configure(
        Options(contract=CONTRACT, target=server.url, max_runs=2000, output=str(folder)),
        {"BATCHPROOF_TOKEN": "tok_resume_7c1d"},
    )
    # in this profile nothing is sent again, which would show more or less
    settings = msgspec.structs.replace(settings, poll_interval_s=0.05, shard=shard, profile="quick")
    some = [item for item in scenarios_of(contract) if item.run.__name__ in SHARED]
    run = Run(contract, settings)
    assert [item.error for item in run.drive(shared_out(settings, some), WORKERS) if item.error] == []
    run.end(interrupted=False)
    assert run.error is None
    return folder


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A run, and the five shards of the same plan, each on an emulator with the same fault."""
    found: list[Any] = []
    for number in range(2):
        folder = tmp_path_factory.mktemp(f"server-{number}")
        app = Counted(emulator.create_app(CONTRACT, faults=[FAULT]))
        with emulator.Server(app) as served:
            server = Server(served.url, app, folder)
            if number == 0:
                found.append(driven(server, "one"))
            else:
                found.append([driven(server, f"{item}", Shard(item, 5)) for item in range(1, 6)])
    return found[0], found[1]


def test_five_shards_merged_give_the_verdicts_of_one_run(
    shards: tuple[Path, list[Path]], batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    one, parts = shards
    done = batchproof("merge", *map(str, parts), "--output", "merged")
    folder = tmp_path / "merged"
    assert (done.code, done.err) == (results(one)["exit_code"], "")
    assert verdicts(folder) == verdicts(one)
    merged = events(folder)
    exchanges = [event for event in merged if event["event"] == "exchange"]
    assert len({event["id"] for event in exchanges}) == len(exchanges)
    assert len(exchanges) == sum(event["event"] == "exchange" for part in parts for event in events(part))
    assert sorted(merged[0]["scenarios"]) == sorted(events(one)[0]["scenarios"])
    assert merged[0].get("shard") is None
    check_formats(folder)


def test_a_missing_shard_leaves_open_what_it_would_show(
    shards: tuple[Path, list[Path]], batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    one, parts = shards
    done = batchproof("merge", *map(str, parts[:2]), "--output", "merged", "--quiet")
    assert done.err.splitlines() == [
        f"batchproof: shard {number}/5 is missing: what only its scenarios show is inconclusive"
        for number in (3, 4, 5)
    ]
    folder = tmp_path / "merged"
    assert "no more than shard 1,2/5 of its plan" in results(folder)["claim"]
    other = verdicts(folder)
    differing = {other[name] for name, verdict in verdicts(one).items() if other[name] != verdict}
    assert "inconclusive" in differing
    assert not differing & {"passed", "failed"}


@pytest.mark.parametrize(
    ("chosen", "line"),
    [
        (["1", "1"], "1: is shard 1/5, and so is"),
        (["1", "one"], "one: is no shard of a run; give folders of runs with --shard"),
    ],
)
def test_what_is_no_plan_shared_out_is_not_merged(
    shards: tuple[Path, list[Path]], batchproof: Callable[..., Any], chosen: list[str], line: str
) -> None:
    known = {"one": shards[0], **{part.name: part for part in shards[1]}}
    done = batchproof("merge", *(str(known[name]) for name in chosen), "--output", "merged")
    assert (done.code, len(done.err.splitlines()), line in done.err) == (2, 1, True)


def test_a_run_goes_on_with_what_is_its_own(serve: Callable[..., Server]) -> None:
    server = serve()
    folder = driven(server, "out")
    before = server.app.requests
    file = folder / "history.ndjson"
    *lines, _ = file.read_bytes().splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if b'"event":"ended"' in line)
    # the last scenario never ended, and a line was being written
    file.write_bytes(b"".join([*lines[:last], *lines[last + 1 :]]) + lines[5][:40])
    cut = json.loads(lines[last])["scenario"]
    ids = [json.loads(line).get("id") for line in lines]
    code, _, err = ended(server.resume("out"))
    now = events(folder)
    sent = [event for event in now if event["event"] == "exchange" and event["id"] not in ids]
    assert {event["scenario"] for event in sent} == {"start", cut}
    assert (len(sent), code, err) == (server.app.requests - before, 3, "")
    assert min(event["start"] for event in sent) > max(json.loads(line).get("end", 0) for line in lines)
    assert [event["event"] for event in now].count("footer") == 1
    check_formats(folder)
    # now that it has come to its end, nothing is sent any more
    before = server.app.requests
    assert (ended(server.resume("out"))[0], server.app.requests) == (3, before)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--seed", "3"], "--seed: is 3, but the run in out has 0; leave it out, or start a new run"),
        (["--profile", "full"], "--profile: is full, but the run in out has quick; leave it out, or"),
        (["--contract", "extend/2025-04-21"], "--contract: is extend/2025-04-21, but the run in out has"),
        (["--target", "http://127.0.0.1:9"], "--target: is http://127.0.0.1:9, but the run in out has"),
        (["--shard", "1/2"], "--shard: is 1/2, but the run in out has None; leave it out"),
        (["--output", "other"], "--output: a run goes on in its own folder; leave it out beside --resume"),
        (["--", "-k", "lists"], "--resume: the run drives what it has not driven yet; leave out"),
    ],
)
def test_another_run_is_not_gone_on_with(
    shards: tuple[Path, list[Path]],
    batchproof: Callable[..., Any],
    tmp_path: Path,
    options: list[str],
    line: str,
) -> None:
    shutil.copytree(shards[0], tmp_path / "out")
    done = batchproof("run", "--resume", "out", *options, BATCHPROOF_TOKEN="tok_resume_7c1d")
    assert (done.code, len(done.err.splitlines()), line in done.err) == (2, 1, True)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (None, "out: --resume: is empty; give the folder of a run that was cut"),
        (
            {"target": "embedded emulator"},
            "that run was on the embedded emulator, which has forgotten everything;",
        ),
        ({"scenarios": None}, "its history does not say which scenarios have ended; start a new run"),
        (
            {"shard": "1,2/5"},
            "holds shards that were merged; go on with the one that was cut, and merge again",
        ),
        ({"format": "other/1"}, "format is other/1, this version reads"),
    ],
)
def test_nothing_goes_on_with_what_is_no_cut_run(
    batchproof: Callable[..., Any], tmp_path: Path, header: dict[str, Any] | None, line: str
) -> None:
    (tmp_path / "out").mkdir()
    if header is not None:
        known = Header(
            suite="1",
            contract=CONTRACT,
            profile="core",
            seed=0,
            started_at="2026-01-01T00:00:00Z",
            target="http://127.0.0.1:9",
            scenarios=["test_first_page[list_extract_runs]"],
        )
        changed = json.dumps({**json.loads(line_of(known)), **header})
        (tmp_path / "out" / "history.ndjson").write_text(changed + "\n")
    done = batchproof("run", "--resume", "out", BATCHPROOF_TOKEN="tok_resume_7c1d")
    assert (done.code, len(done.err.splitlines()), line in done.err) == (2, 1, True)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--shard", "6/5"], "--shard: '6/5' is no share of a plan; write 2/5 for the second of five"),
        (["--shard", "two"], "--shard: 'two' is no share of a plan; write 2/5 for the second of five"),
        (["--shard", "1/2", "--profile", "full"], "--shard: needs --seed in profile full"),
    ],
)
def test_no_share_of_a_plan(batchproof: Callable[..., Any], options: list[str], line: str) -> None:
    done = batchproof("run", "--target", "http://127.0.0.1:9", *options, BATCHPROOF_TOKEN="tok_resume_7c1d")
    assert (done.code, len(done.err.splitlines()), line in done.err) == (2, 1, True)


def test_the_embedded_emulator_is_not_shared_out(batchproof: Callable[..., Any]) -> None:
    done = batchproof("run", "--shard", "1/2")
    assert (done.code, "--shard: needs --target" in done.err) == (2, True)


def test_run_that_is_killed_again_and_again_comes_to_the_same_verdicts(
    serve: Callable[..., Server], request: pytest.FixtureRequest
) -> None:
    uncut, server = serve(FAULT), serve(FAULT)
    code, _, _ = ended(uncut.begin("out"))
    kills = 20 if request.config.getoption("--proof") == "whole" else 3
    chosen = random.Random(14)
    folder = server.folder / "out"
    process = server.begin("out")
    killed = 0
    while killed < kills:
        await_some(server, process, folder, chosen)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += 1
        process = server.resume("out")
    assert (ended(process)[0], results(folder)["exit_code"]) == (code, code)
    assert "cut off" not in results(folder)["claim"]
    assert verdicts(folder) == verdicts(uncut.folder / "out")
    exchanges = [event["id"] for event in events(folder) if event["event"] == "exchange"]
    assert len(exchanges) == len(set(exchanges))
    assert server.app.documents - uncut.app.documents <= kills * WORKERS * OF_A_SCENARIO


def await_some(server: Server, process: subprocess.Popen[str], folder: Path, chosen: random.Random) -> None:
    """Waits for some requests more and a moment, or for the end: whatever it is busy with then."""
    enough = server.app.requests + chosen.randrange(1, 30)
    until(lambda: process.poll() is not None or (server.app.requests >= enough and begins(folder)))
    if process.poll() is None:
        time.sleep(chosen.random() * 0.1)


def begins(folder: Path) -> bool:
    file = folder / "history.ndjson"
    parts = [file, folder / "history.main.ndjson"]
    return any(part.is_file() and b"\n" in part.read_bytes() for part in parts)
