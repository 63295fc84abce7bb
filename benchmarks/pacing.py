"""The rate that a run is held to, and the one that it reaches, on a server that answers at once."""

import tempfile
import time
from pathlib import Path

import click
import httpx
import msgspec

from batchproof.contract import load_contract
from batchproof.history import HistoryWriter, Redactor
from batchproof.target import Call, Options, Target, read_config, settle
from batchproof.target.pausing import RunClock

CONTRACT = "extend/2026-02-09"
RATES = (5.0, 20.0, 100.0, 200.0, 300.0)
CALL = Call(operation="list_extract_runs")


def reached(per_second: float, seconds: float) -> float:
    """How many requests a second were sent in so many seconds, the first one apart."""
    contract = load_contract(CONTRACT)
    file, path = read_config(None)
    settings = msgspec.structs.replace(
        settle(Options(), file, path, contract, {}), requests_per_second=per_second
    )
    answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"object": "list", "data": []}))
    with tempfile.TemporaryDirectory() as folder:
        writer = HistoryWriter(Path(folder) / "history.ndjson", Redactor({}))
        clock = RunClock(time.monotonic())
        with Target(
            contract, settings, writer, base_url="http://127.0.0.1", clock=clock, transport=answer
        ) as target:
            target.send(CALL, "pacing")
            start, count = time.perf_counter(), 0
            while time.perf_counter() - start < seconds:
                target.send(CALL, "pacing")
                count += 1
            spent = time.perf_counter() - start
        writer.close()
    return count / spent


@click.command()
@click.option("--seconds", default=10.0, show_default=True, help="How long each rate is held.")
def main(seconds: float) -> None:
    """Print each rate beside the one that was reached (built for: within 5 %)."""
    for rate in RATES:
        found = reached(rate, seconds)
        click.echo(f"asked for {rate:g} a second: {found:.1f} reached, {100 * found / rate - 100:+.1f} %")


if __name__ == "__main__":
    main()
