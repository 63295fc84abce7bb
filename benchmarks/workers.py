"""How long a run waits for a server whose states take their time: one scenario after the other, and many at a time."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from batchproof.client import Options, Settings, read_config, settle
from batchproof.contract import load_contract
from batchproof.runner import run_scenarios

CONTRACT = "extend/2026-02-09"
FIXTURES: dict[str, str | list[str]] = {
    "file_url": "https://files.example.com/invoice.pdf",
    "failing_file_url": "https://files.example.com/fail/invoice.pdf",
}


@click.command()
@click.option("--profile", default="core", show_default=True, type=click.Choice(["quick", "core", "full"]))
@click.option("--step-ms", default=2_000, show_default=True, help="How long each state lasts.")
@click.option("--workers", default=(16,), multiple=True, show_default=True, help="May be given again.")
def main(profile: str, step_ms: int, workers: tuple[int, ...]) -> None:
    """Print the seconds of a run for each number of workers, judging included, and what it established."""
    for number in workers:
        with _served(step_ms) as url:
            seconds, passed, code = _timed(_settings(url, profile, number))
        click.echo(f"{number} workers: {seconds:.1f} s, {passed} requirements established, exit {code}")


@contextmanager
def _served(step_ms: int) -> Iterator[str]:
    """The address of an emulator in a process of its own, as a real server is."""
    command = [sys.executable, "-m", "batchproof", "serve", "--contract", CONTRACT, "--step-ms", str(step_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def _settings(url: str, profile: str, workers: int) -> Settings:
    contract = load_contract(CONTRACT)
    options = Options(target=url, profile=profile, workers=workers, max_runs=10_000)
    file, path = read_config(os.devnull)
    settings = settle(options, file, path, contract, {"BATCHPROOF_TOKEN": f"tok_bench_{workers}"})
    return msgspec.structs.replace(settings, fixtures=FIXTURES)


def _timed(settings: Settings) -> tuple[float, int, int]:
    with tempfile.TemporaryDirectory() as folder:
        settings = msgspec.structs.replace(settings, output=str(Path(folder) / "out"))
        start = time.perf_counter()
        ran = run_scenarios(load_contract(CONTRACT), settings, [], None)
        seconds = time.perf_counter() - start
    assert ran.results is not None
    return seconds, sum(row.verdict == "passed" for row in ran.results.requirements), ran.exit_code


if __name__ == "__main__":
    main()
