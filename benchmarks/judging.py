"""How fast a recorded history is judged: that of a whole run in profile core, and a list of 1,000 runs."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from batchproof.contract import load_contract
from batchproof.history import History, read_history
from batchproof.judging import judge
from batchproof.memory import collect_rarely

CONTRACT = "extend/2026-02-09"


def recorded(folder: Path, profile: str) -> History:
    """A run of another process: what this one would remember of it would not be judged again."""
    command = [sys.executable, "-m", "batchproof", "run", "--contract", CONTRACT, "--profile", profile]
    subprocess.run([*command, "--output", str(folder), "--quiet"], check=True)  # noqa: S603 - this interpreter
    return read_history(folder / "history.ndjson")


def seconds(history: History) -> float:
    """CPU time. A contract that was loaded anew remembers nothing of what was judged before."""
    contract = load_contract(CONTRACT)
    start = time.process_time()
    judge(contract, history)
    return time.process_time() - start


@click.command()
@click.option(
    "--profile", default="core", show_default=True, help="How much the run that is judged exercises."
)
def main(profile: str) -> None:
    """Print the time for a list of 1,000 runs (built for: 150 ms) and exchanges judged a second (built for: 4,500)."""
    collect_rarely()
    with tempfile.TemporaryDirectory() as folder:
        history = recorded(Path(folder) / "run", profile)
    lists = [
        item
        for item in history.exchanges
        if item.operation == "list_extract_runs" and "1000" in item.request.url
    ]
    if lists:
        spent = seconds(history._replace(exchanges=tuple(lists[:1])))
        click.echo(f"a list of 1,000 runs: {1_000 * spent:,.0f} ms")
    spent, count = seconds(history), len(history.exchanges)
    click.echo(f"exchanges of a run: {count / spent:,.0f} a second ({count})")


if __name__ == "__main__":
    main()
