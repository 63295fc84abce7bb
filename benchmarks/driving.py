"""Drive and record, against the same calls with a bare httpx client, on the same emulator."""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import click
import httpx

from batchproof import session as running
from batchproof.client import Call, Options, read_config, settle
from batchproof.contract import load_contract

CALLS = 1_000


@click.command()
@click.option("--calls", default=CALLS, show_default=True, help="How many calls are timed.")
def main(calls: int) -> None:
    """Print both speeds and their ratio (built for: at least 0.5)."""
    contract = load_contract("extend/2026-02-09")
    file, path = read_config(None)
    settings = settle(Options(), file, path, contract, {})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        endpoint = running.prepare_endpoint(contract, settings, stack)
        session = running.Session(contract, settings, folder, endpoint)
        session.start()
        stack.callback(session.close)
        assert session.api is not None
        headers = {**contract.manifest.headers, "authorization": f"Bearer {endpoint.token}"}
        transport = None if endpoint.here is None else endpoint.here.transport
        with httpx.Client(transport=transport, base_url=endpoint.url, headers=headers) as bare:
            bare_speed = _speed(lambda: bare.get("/extract_runs").json(), calls)
        driven_speed = _speed(lambda: session.api.send(Call(operation="list_extract_runs")), calls)
    click.echo(f"bare httpx: {bare_speed:,.0f} calls a second")
    click.echo(f"driven and recorded: {driven_speed:,.0f} calls a second")
    click.echo(f"ratio: {driven_speed / bare_speed:.2f}")


def _speed(call: Callable[[], object], calls: int) -> float:
    for _ in range(50):
        call()
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return calls / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
