"""How fast the reports are rendered for a long history, and how large they get: ``report.html`` alone, then every file."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
import msgspec

from batchproof.contract import load_contract
from batchproof.history import Exchange, History, read_history
from batchproof.judging import Finding, Results, judge
from batchproof.report import write_reports
from batchproof.report.html import html_report

CONTRACT = "extend/2026-02-09"


def recorded(folder: Path) -> History:
    command = [sys.executable, "-m", "batchproof", "run", "--contract", CONTRACT, "--profile", "quick"]
    subprocess.run([*command, "--output", str(folder), "--quiet"], check=True)  # noqa: S603 - this interpreter
    return read_history(folder / "history.ndjson")


def lengthened(history: History, number: int) -> History:
    """The same exchanges again and again, with other names."""
    several = [
        msgspec.structs.replace(exchange, id=f"{exchange.id}.{turn}")
        for turn in range(number // len(history.exchanges) + 1)
        for exchange in history.exchanges
    ]
    return history._replace(exchanges=tuple(several[:number]))


def faulty(results: Results, exchanges: tuple[Exchange, ...], number: int) -> Results:
    """The same results, but that the first requirements failed."""
    rows = [
        msgspec.structs.replace(row, verdict="failed", findings=[finding(place, exchanges)])
        for place, row in enumerate(results.requirements[:number])
    ]
    return msgspec.structs.replace(results, requirements=[*rows, *results.requirements[number:]])


def finding(place: int, exchanges: tuple[Exchange, ...]) -> Finding:
    return Finding(
        fingerprint=f"{place:016}",
        blame="server",
        message="a value is none of those that are documented",
        pointer="/status",
        expected="one of PENDING, PROCESSING, PROCESSED, FAILED, CANCELLED",
        observed="processed",
        exchanges=[item.id for item in exchanges[place : place + 5]],
        count=1,
    )


@click.command()
@click.option("--exchanges", default=10_000, show_default=True, help="How many exchanges the history has.")
@click.option("--findings", default=50, show_default=True, help="How many requirements failed.")
def main(exchanges: int, findings: int) -> None:
    """Print the CPU time of rendering (built for: 5 s) and the size of the page (built for: 3 MB), then those of all files."""
    contract = load_contract(CONTRACT)
    with tempfile.TemporaryDirectory() as folder:
        history = recorded(Path(folder) / "run")
    results = judge(contract, history)
    history = lengthened(history, exchanges)
    results = faulty(results, history.exchanges, findings)
    start = time.process_time()
    page = html_report(contract, results, history)
    spent = time.process_time() - start
    click.echo(
        f"{len(history.exchanges):,} exchanges, {len(results.requirements)} requirements, {findings} findings: "
        f"{spent:.2f} s, {len(page.encode()) / 1_000_000:.2f} MB"
    )
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        write_reports(Path(folder), contract, results, history)
        spent = time.process_time() - start
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    click.echo(f"all reports: {spent:.2f} s, {size / 1_000_000:.2f} MB")


if __name__ == "__main__":
    main()
