"""How fast a recorded history is judged: ordinary exchanges, and a list of 1,000 runs."""

import tempfile
import time
from pathlib import Path

import click
import msgspec

from batchproof.contract import load_contract
from batchproof.history import History, read_history
from batchproof.judge import judge
from batchproof.runner import run_scenarios
from batchproof.target import Options

COPIES = 10


def recorded(folder: Path, *scenarios: str) -> History:
    ran = run_scenarios(Options(output=str(folder)), ["-k", " or ".join(scenarios)], None)
    assert ran.folder is not None
    return read_history(ran.folder / "history.ndjson")


def repeated(history: History, copies: int) -> History:
    """The same exchanges, again and again, later and under other ids."""
    length = max(exchange.end for exchange in history.exchanges) + 1
    exchanges = tuple(
        msgspec.structs.replace(
            exchange,
            id=f"{copy}-{exchange.id}",
            scenario=f"{exchange.scenario} {copy}",
            start=exchange.start + copy * length,
            end=exchange.end + copy * length,
        )
        for copy in range(copies)
        for exchange in history.exchanges
    )
    return history._replace(exchanges=exchanges)


def seconds(history: History) -> float:
    contract = load_contract("extend/2026-02-09")
    start = time.perf_counter()
    judge(contract, history)
    return time.perf_counter() - start


@click.command()
def main() -> None:
    """Print exchanges judged a second (built for: 5,000) and the time for a list of 1,000 runs (built for: 100 ms)."""
    with tempfile.TemporaryDirectory() as folder:
        ordinary = repeated(
            recorded(Path(folder) / "a", "runs_to_its_end", "refusal and auth", "watched"), COPIES
        )
        large = recorded(Path(folder) / "b", "largest_batch")
    lists = [
        item
        for item in large.exchanges
        if item.operation == "list_extract_runs" and "1000" in item.request.url
    ]
    spent = seconds(ordinary)
    click.echo(
        f"ordinary exchanges: {len(ordinary.exchanges) / spent:,.0f} a second ({len(ordinary.exchanges)})"
    )
    click.echo(f"a list of 1,000 runs: {1_000 * seconds(large._replace(exchanges=tuple(lists[:1]))):,.0f} ms")


if __name__ == "__main__":
    main()
