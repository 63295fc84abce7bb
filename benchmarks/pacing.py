"""The rate that a run is held to, and the one that it reaches, on a server that answers at once."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import msgspec

from batchproof.client import Call, Options, Target, read_config, settle
from batchproof.client.pausing import RunClock
from batchproof.contract import load_contract
from batchproof.history import HistoryWriter, Redactor

CONTRACT = "extend/2026-02-09"
RATES = (5.0, 20.0, 100.0, 200.0, 500.0, 1000.0)
THREADS = (1, 16)
CALL = Call(operation="list_extract_runs")


@contextmanager
def paced(per_second: float) -> Iterator[Target]:
    """A target that is held to a rate, whose server is a function."""
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
            yield target
        writer.close()


def reached(per_second: float, seconds: float, threads: int) -> float:
    """How many requests a second so many threads together sent in so many seconds, the first one apart."""
    with paced(per_second) as target:
        target.send(CALL, "pacing")
        start = time.perf_counter()
        counts = [0] * threads

        def send(number: int) -> None:
            while time.perf_counter() - start < seconds:
                target.send(CALL, "pacing")
                # what is sent when the time is over is not counted
                counts[number] += time.perf_counter() - start < seconds

        workers = [threading.Thread(target=send, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return sum(counts) / seconds


@click.command()
@click.option("--seconds", default=10.0, show_default=True, help="How long each rate is held.")
def main(seconds: float) -> None:
    """Print each rate beside the ones that were reached (built for: within 5 %)."""
    for rate in RATES:
        found = {threads: reached(rate, seconds, threads) for threads in THREADS}
        described = "; ".join(
            f"{threads} thread{'s' if threads > 1 else ''} {each:.1f} ({100 * each / rate - 100:+.1f} %)"
            for threads, each in found.items()
        )
        click.echo(f"asked for {rate:g} a second, reached by {described}")


if __name__ == "__main__":
    main()
