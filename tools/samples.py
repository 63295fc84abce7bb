"""The reports in ``reports/sample/``: makes them, and says what in them does not change from one run to the next.

    python -m tools.samples

runs the suite against the emulator three times, compares two contracts, and replaces the folder.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import click

from batchproof.folders import HISTORY

SAMPLES = Path(__file__).parents[1] / "reports" / "sample"
OLDER, NEWER = "extend/2025-04-21", "extend/2026-02-09"
UPGRADE = "upgrade"
# one of each kind: a life cycle, a value that has to be there, a page, a credential, an error body
FIVE_FAULTS = (
    "parse-run-reopens",
    "extract-run-one-of-many-without-output",
    "list-extract-runs-page-too-long",
    "basic-authentication-works",
    "not-found-is-retryable",
)
_TOKEN = "tok_sample"  # noqa: S105 - the emulator takes any
# a served emulator moves with the requests: nobody has to wait for it
_CONFIG = "[limits]\npoll_interval_s = 0.05\npoll_timeout_s = 2\n"
_MOST_SECONDS = 300
_HEADING = re.compile(r"<h([1-4])\b[^>]*>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_SERVER = re.compile(r"http://127\.0\.0\.1:\d+")


class Sample(NamedTuple):
    """A run whose reports are shown: what it is asked for, how it ends, and what is wrong with its server."""

    arguments: tuple[str, ...]
    exit_code: int
    faults: tuple[str, ...] = ()


RUNS: Mapping[str, Sample] = {
    "healthy": Sample((), 0),
    "five-faults": Sample(
        (
            "--profile",
            "core",
            "--claim",
            "extract",
            "--claim",
            "parse",
            "--max-runs",
            "1000",
            "--workers",
            "1",
        ),
        1,
        FIVE_FAULTS,
    ),
    "extraction-alone": Sample(("--claim", "extract"), 0),
}


def make(folder: Path) -> None:
    """Write every sample below ``folder``, which exists. Raises ``RuntimeError`` where a command ends otherwise than it should."""
    for name, sample in RUNS.items():
        if sample.faults:
            with _served(sample.faults) as url:
                _run(folder, name, sample, "--target", url)
        else:
            _run(folder, name, sample)
        # what is looked at is in the reports, and it is the largest file by far
        (folder / name / HISTORY).unlink()
    _batchproof(folder, 0, "upgrade", OLDER, NEWER, "--fail-on", "none", "--output", UPGRADE)


def _run(folder: Path, name: str, sample: Sample, *target: str) -> None:
    chosen = ("--contract", NEWER, "--profile", "quick", "--quiet", "--output", name)
    _batchproof(folder, sample.exit_code, "run", *chosen, *sample.arguments, *target)


def _batchproof(folder: Path, exit_code: int, *arguments: str) -> None:
    """Runs a command from an empty folder and moves what it has written to ``folder``: no path of this machine gets into a report."""
    with tempfile.TemporaryDirectory() as empty:
        (Path(empty) / "batchproof.toml").write_text(_CONFIG)
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-m", "batchproof", *arguments],
            cwd=empty,
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
        if done.returncode != exit_code:
            raise RuntimeError(
                f"batchproof {arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        written = arguments[arguments.index("--output") + 1]
        shutil.move(Path(empty) / written, folder / written)


@contextmanager
def _served(faults: tuple[str, ...]) -> Iterator[str]:
    """The address of a faulty emulator in a process of its own. Raises ``RuntimeError`` when it does not start."""
    planted = [argument for fault in faults for argument in ("--fault", fault)]
    command = [
        sys.executable,
        "-m",
        "batchproof",
        "serve",
        "--contract",
        NEWER,
        "--clock",
        "requests",
        *planted,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment()) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            word, _, url = process.stdout.readline().strip().partition(" ")
            if word != "READY":
                raise RuntimeError(f"the emulator of {NEWER} did not start")
            yield url
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BATCHPROOF")}
    return {**kept, "BATCHPROOF_TOKEN": _TOKEN, "NO_COLOR": "1"}


def lasting(folder: Path) -> dict[str, Any]:
    """What the samples below ``folder`` say that does not change with time, pace and port: they are stale where it differs."""
    described: dict[str, Any] = {
        "files": sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())
    }
    for name in RUNS:
        described[name] = {
            "results": _of_results(json.loads((folder / name / "results.json").read_bytes())),
            "page": headings((folder / name / "report.html").read_text()),
        }
    for file in ("upgrade.json", "upgrade.md"):
        described[file] = (folder / UPGRADE / file).read_text()
    return described


def _of_results(results: Mapping[str, Any]) -> dict[str, Any]:
    """The requirements with their verdicts and findings, and what they were judged by."""
    kept = (
        "format",
        "suite",
        "contract",
        "catalogue_sha256",
        "profile",
        "claims",
        "verdict",
        "exit_code",
        "totals",
    )
    rows = results["requirements"]
    return {
        **{name: results[name] for name in kept},
        "requirements": {row["id"]: (row["level"], row["statement"], row["verdict"]) for row in rows},
        "findings": sorted(
            (finding["fingerprint"], finding["headline"]) for row in rows for finding in row["findings"]
        ),
    }


def headings(page: str) -> list[str]:
    """The headings of a page in words, without the port of its server; those of findings are their headlines."""
    found = (unescape(_TAG.sub("", inside)) for _, inside in _HEADING.findall(page))
    return [_SERVER.sub("http://127.0.0.1", " ".join(text.split())) for text in found]


@click.command()
def main() -> None:
    """Make the samples anew."""
    with tempfile.TemporaryDirectory() as made:
        make(Path(made))
        if SAMPLES.exists():
            shutil.rmtree(SAMPLES)
        shutil.copytree(made, SAMPLES)
    for file in sorted(SAMPLES.rglob("*.*")):
        print(f"{file.relative_to(SAMPLES)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
