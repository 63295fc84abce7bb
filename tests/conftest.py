"""Fixtures for tests that run the command line as its users do."""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest

from batchproof import emulator, interruption
from batchproof.cli import main
from batchproof.contract import Contract, loader
from batchproof.places import schemas_dir
from tests.between import Between

TOKEN = "tok_canary_5f0c91d2e7"
ENOUGH_RUNS = 4_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--proof",
        choices=["sample", "whole"],
        default="sample",
        help="how much of the fault matrix, of the second author's alterations and of the hostile servers is run "
        "(default: a sample)",
    )


@pytest.fixture(scope="session", autouse=True)
def _no_step_of_github() -> Iterator[None]:
    """Commands print what GitHub reads where they run in a step, and that may be where the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
            patch.delenv(name, raising=False)
        yield


class Finished(NamedTuple):
    """A command that has ended."""

    code: int
    out: str
    err: str


class Judged(NamedTuple):
    """A run that has ended, with what it left behind."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def results(self) -> dict[str, Any]:
        return json.loads((self.folder / "results.json").read_bytes())

    def rows(self, verdict: str, level: str = "MUST") -> list[str]:
        rows = self.results["requirements"]
        return [row["id"] for row in rows if row["verdict"] == verdict and row["level"] == level]

    def row(self, identifier: str) -> dict[str, Any]:
        return next(row for row in self.results["requirements"] if row["id"] == identifier)


def check_formats(folder: Path) -> None:
    """What a run wrote is what the schemas of our own formats say."""
    results, history = (schemas_dir() / "batchproof" / name for name in ("results.json", "history.json"))
    jsonschema_rs.validator_for(json.loads(results.read_text())).validate(
        json.loads((folder / "results.json").read_bytes())
    )
    line = jsonschema_rs.validator_for(json.loads(history.read_text()))
    for event in (folder / "history.ndjson").read_text().splitlines():
        line.validate(json.loads(event))


def _environment(**extra: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BATCHPROOF", "PYTEST"))
    }
    return {**kept, "PYTHONWARNINGS": "error", "NO_COLOR": "1", "COLUMNS": "80", **extra}


def pytest_configure(config: pytest.Config) -> None:
    """Contracts that are installed never change while tests run, and take up to a second to load: once is enough."""
    load = loader._held_together
    known: dict[Path, Contract] = {}

    def loaded(folder: Path) -> Contract:
        if not folder.is_relative_to(schemas_dir()):
            return load(folder)
        if folder not in known:
            known[folder] = load(folder)
        return known[folder]

    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    patch.setattr(loader, "_held_together", loaded)


def in_a_process(arguments: Sequence[str], cwd: Path, environment: dict[str, str]) -> Finished:
    """A command as its users run it."""
    done = subprocess.run(
        [sys.executable, "-m", "batchproof", *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def in_this_process(arguments: Sequence[str], cwd: Path, environment: dict[str, str]) -> Finished:
    """The same command, without the seconds that a process of its own takes to load everything."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", "strict", "\n") for _ in range(2))
    thresholds = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(environment):
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["batchproof", *arguments])
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        # signals are for the process of the tests
        patch.setattr(interruption, "install", lambda: None)
        patch.setattr(interruption._State, "over", False)
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            gc.set_threshold(*thresholds)
    for stream in (out, err):
        stream.flush()
    described = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Finished(ended.value.code, *described)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Finished]:
    """Runs the command line in an empty folder, as a process of its own."""
    return lambda *arguments, cwd=tmp_path, **environment: in_a_process(
        arguments, cwd, _environment(**environment)
    )


@pytest.fixture
def batchproof(tmp_path: Path) -> Callable[..., Finished]:
    """Runs the command line in an empty folder; in this process, unless pytest would start pytest.

    A replay looks at moments that pass while a server of this process is busy, so it has a process of its own.
    """

    def run(*arguments: str, cwd: Path = tmp_path, **environment: str) -> Finished:
        apart = "--" in arguments or arguments[:1] == ("replay",)
        way = in_a_process if apart else in_this_process
        return way(arguments, cwd, _environment(**environment))

    return run


@pytest.fixture
def quick_polls(tmp_path: Path) -> Path:
    """A configuration that polls as fast as the emulator moves."""
    file = tmp_path / "quick_polls.toml"
    file.write_text("[limits]\npoll_interval_s = 0.05\npoll_timeout_s = 20\n")
    return file


@pytest.fixture
def judged(batchproof: Callable[..., Finished], quick_polls: Path, tmp_path: Path) -> Callable[..., Judged]:
    """Runs the suite against a server."""

    def run(
        url: str,
        *arguments: str,
        contract: str = "extend/2026-02-09",
        max_runs: int = ENOUGH_RUNS,
        token: str = TOKEN,
    ) -> Judged:
        folder = tmp_path / "out"
        done = batchproof(
            "run",
            "--target",
            url,
            "--contract",
            contract,
            "--config",
            str(quick_polls),
            "--max-runs",
            str(max_runs),
            "--output",
            str(folder),
            *arguments,
            BATCHPROOF_TOKEN=token,
        )
        if folder.is_dir():
            check_formats(folder)
        return Judged(*done, folder=folder)

    return run


@pytest.fixture
def served() -> Iterator[Callable[..., str]]:
    """Starts emulators as real HTTP servers; they stop when the test ends."""
    servers: list[emulator.Server] = []

    def start(
        contract: str = "extend/2026-02-09", faults: Sequence[str] = (), variants: Sequence[str] = ()
    ) -> str:
        server = emulator.Server(emulator.create_app(contract, faults=faults, variants=variants))
        servers.append(server.__enter__())
        return server.url

    yield start
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def between() -> Iterator[Callable[..., str]]:
    """Starts emulators whose answers are altered."""
    with ExitStack() as stack:

        def start(alter: Callable[[str, Any], Any], contract: str = "extend/2026-02-09", **about: Any) -> str:
            app = emulator.create_app(contract, **about)
            return stack.enter_context(emulator.Server(Between(app, alter))).url

        yield start
