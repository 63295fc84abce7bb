"""``batchproof report`` makes the reports anew, from what a run has left."""

import errno
import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from batchproof.cli import commands
from batchproof.contract import Contract
from batchproof.folders import REPORTS, claim
from batchproof.history import HistoryWriter, Redactor, read_history
from batchproof.judging import judge
from batchproof.report import write_reports


@pytest.fixture
def left(acme: Contract, build: Any, tmp_path: Path) -> Path:
    """The folder of a run that found something."""
    folder = tmp_path / "run"
    folder.mkdir()
    with closing(HistoryWriter(folder / "history.ndjson", Redactor({}))) as writer:
        writer.write(build.header())
        for at, status in enumerate(("done", "running")):
            writer.write(build.exchange("get_batch", at, body=build.batch(status)))
    history = read_history(folder / "history.ndjson")
    write_reports(folder, acme, judge(acme, history), history)
    return folder


@pytest.fixture
def report(build: Any) -> Callable[..., tuple[int, str]]:
    def run(folder: Path, *more: str) -> tuple[int, str]:
        done = CliRunner().invoke(commands, ["report", str(folder), "--contract", str(build.ACME), *more])
        return done.exit_code, done.output

    return run


def test_the_same_reports_are_made_and_nothing_else_changes(left: Path, report: Callable) -> None:
    before = {file.name: file.read_bytes() for file in left.iterdir()}
    made = [name for name in REPORTS if name != "results.json"]
    for name in made:
        (left / name).unlink()
    assert report(left) == (0, "".join(f"{left}/{name}\n" for name in made))
    assert {file.name: file.read_bytes() for file in left.iterdir()} == before


def test_a_folder_that_a_run_writes_to_is_left_alone(
    left: Path, report: Callable, build: Any, acme: Any
) -> None:
    settings = build.settings(acme, output=str(left), resume=True)
    with ExitStack() as stack:
        claim(settings, "", stack)
        described = f"batchproof: {left}: a run is writing there; wait for its end\n"
        assert report(left) == (2, described)


def test_results_of_another_history_are_refused(left: Path, report: Callable) -> None:
    with (left / "history.ndjson").open("ab") as file:
        file.write(b"\n")
    code, described = report(left)
    assert (code, described.count("\n")) == (2, 1)
    assert (
        "results.json: was made from another history than history.ndjson beside it; use: batchproof judge"
        in described
    )


@pytest.mark.parametrize(
    ("missing", "described"),
    [
        ("results.json", "results.json: cannot be read: No such file or directory"),
        (
            "history.ndjson",
            "history.ndjson: does not exist, so these are reports on a HAR file or on deliveries",
        ),
    ],
)
def test_what_is_missing_is_named(left: Path, report: Callable, missing: str, described: str) -> None:
    (left / missing).unlink()
    code, output = report(left)
    assert (code, output.count("\n"), described in output) == (2, 1, True)


def test_no_folder(tmp_path: Path, report: Callable) -> None:
    nowhere = tmp_path / "nowhere"
    assert report(nowhere) == (2, f"batchproof: {nowhere}: DIR: does not exist; give the folder of a run\n")


def test_a_full_disk_leaves_the_earlier_page(
    left: Path, report: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (left / "report.html").read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    code, described = report(left)
    assert (code, "could not be written: No space left on device" in described) == (4, True)
    assert (left / "report.html").read_bytes() == before
