"""Exit 1 means that a MUST failed and nothing else: what else can go wrong is one line, and nothing more is sent."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchproof import emulator

QUICK = ["run", "--contract", "talonic/v1", "--profile", "quick"]


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., Any]:
    """Runs the command line with its output led elsewhere."""

    def run(arguments: list[str], stdout: Any, **more: Any) -> Any:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BATCHPROOF")}
        return subprocess.Popen(
            [sys.executable, "-m", "batchproof", *arguments],
            cwd=tmp_path,
            env={**kept, "BATCHPROOF_TOKEN": "tok_exit_codes_5a"},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    return run


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "arguments",
    [[*QUICK, "--output", "out"], ["requirements"], ["--version"], ["explain", "batch_run.status.enum"]],
)
def test_output_that_cannot_be_written(shell: Callable[..., Any], arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        process = shell(arguments, full)
        _, err = process.communicate()
    assert (process.returncode, err) == (
        4,
        "batchproof: the output could not be written: No space left on device\n",
    )


@pytest.mark.parametrize("arguments", [[*QUICK, "--output", "out"], ["requirements"]])
def test_output_that_is_closed(shell: Callable[..., Any], tmp_path: Path, arguments: list[str]) -> None:
    process = shell(arguments, subprocess.DEVNULL, preexec_fn=lambda: os.close(1))
    _, err = process.communicate()
    assert (process.returncode, err, list(tmp_path.iterdir())) == (
        4,
        "batchproof: the standard output is closed, so nothing could be told\n",
        [],
    )


def after_one_line(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How a process ends whose output nobody reads after its first line."""
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stderr:
        with process.stdout:
            assert process.stdout.readline()
        err = process.stderr.read()
    return process.wait(), err


@pytest.mark.parametrize("arguments", [["requirements"], ["openapi"], ["requirements", "--json"]])
def test_reader_that_goes_away(shell: Callable[..., Any], arguments: list[str]) -> None:
    # what fits into the pipe may be written before its reader has gone
    assert after_one_line(shell(arguments, subprocess.PIPE)) in [
        (0, ""),
        (4, "batchproof: the output could not be written: Broken pipe\n"),
    ]


def test_run_whose_reader_goes_away_sends_nothing_more(shell: Callable[..., Any], tmp_path: Path) -> None:
    with emulator.Server(emulator.create_app("talonic/v1")) as server:
        arguments = ["run", "--contract", "talonic/v1", "--target", server.url, "--output", "out"]
        ended = after_one_line(shell(arguments, subprocess.PIPE))
    assert ended == (4, "batchproof: the output could not be written: Broken pipe\n")
    # the reports are there all the same, and say that the run was cut off
    assert "cut off before its end" in (tmp_path / "out" / "results.json").read_text()


def test_quiet_run_that_nobody_reads_sends_nothing(shell: Callable[..., Any], tmp_path: Path) -> None:
    """It prints nothing before its end, and would have everything processed for nobody."""
    with emulator.Server(emulator.create_app("talonic/v1")) as server:
        process = shell([*QUICK, "--target", server.url, "--quiet", "--output", "out"], subprocess.PIPE)
        process.stdout.close()
        with process.stderr:
            described = process.stderr.read()
        assert (process.wait(), described) == (
            4,
            "batchproof: the output could not be written: Broken pipe\n",
        )
    assert '"event":"exchange"' not in (tmp_path / "out" / "history.ndjson").read_text()


@pytest.mark.parametrize("name", ["x" * 300, "file", "/proc/batchproof"])
def test_unusable_output_is_a_wrong_option(batchproof: Callable[..., Any], tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    done = batchproof(*QUICK, "--quiet", "--output", name)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert done.err.startswith(f"batchproof: --output {name}: cannot be used: ")


def test_an_earlier_run_and_a_stale_shard_are_not_judged(
    batchproof: Callable[..., Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "history.gw0.ndjson").write_text("of a run that was killed\n")
    first = batchproof(*QUICK, "--quiet", "--output", "out", "--seed", "1")
    history = (out / "history.ndjson").read_bytes()
    second = batchproof(*QUICK, "--quiet", "--output", "out", "--seed", "2")
    assert (first.code, second.code) == (0, 0)
    assert (out / "earlier" / "1" / "history.gw0.ndjson").is_file()
    assert (out / "earlier" / "2" / "history.ndjson").read_bytes() == history
    assert (out / "history.ndjson").read_bytes() != history


RECORDED = {
    "judge": ["judge", "out/history.ndjson"],
    "compare": ["compare", "out", "out"],
    "report": ["report", "out"],
}
LISTENING = {
    "serve": ["serve"],
    "record": ["record", "--target", "http://127.0.0.1:9", "--output", "traffic.ndjson"],
}


@pytest.fixture(scope="module")
def recorded() -> dict[str, bytes]:
    """Where the module keeps what its one run left."""
    return {}


@pytest.fixture
def left(recorded: dict[str, bytes], batchproof: Callable[..., Any], tmp_path: Path) -> Path:
    """The folder ``out`` of a run that has ended; it is made once."""
    out = tmp_path / "out"
    if not recorded:
        assert batchproof(*QUICK, "--quiet", "--output", "out").code == 0
        recorded.update((file.name, file.read_bytes()) for file in out.iterdir())
    out.mkdir(exist_ok=True)
    for name, content in recorded.items():
        (out / name).write_bytes(content)
    return out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("name", RECORDED)
def test_output_about_a_run_that_cannot_be_written(left: Path, shell: Callable[..., Any], name: str) -> None:
    assert left.is_dir()
    with Path("/dev/full").open("w") as full:
        process = shell(RECORDED[name], full)
        _, err = process.communicate()
    described = "batchproof: the output could not be written: No space left on device\n"
    assert (process.returncode, err) == (4, described)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("name", LISTENING)
def test_address_that_cannot_be_told(shell: Callable[..., Any], tmp_path: Path, name: str) -> None:
    with Path("/dev/full").open("w") as full:
        process = shell(LISTENING[name], full)
        _, err = process.communicate()
    described = "batchproof: the output could not be written: No space left on device\n"
    assert (process.returncode, err, list(tmp_path.iterdir())) == (4, described, [])


@pytest.mark.parametrize("name", ["x" * 300, "file"])
def test_unusable_folder_for_the_reports_on_a_history_is_a_wrong_option(
    left: Path, batchproof: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("")
    done = batchproof("judge", str(left / "history.ndjson"), "--output", name)
    assert (done.code, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert done.err.startswith(f"batchproof: --output {name}: cannot be used: ")


def test_folder_where_a_report_is_wanted_is_one_line(left: Path, batchproof: Callable[..., Any]) -> None:
    (left / "results.json").unlink()
    (left / "results.json").mkdir()
    done = batchproof("judge", "out/history.ndjson", "--output", "out")
    assert (done.code, done.out, done.err) == (
        4,
        "",
        "batchproof: out/results.json could not be written: Is a directory\n",
    )
