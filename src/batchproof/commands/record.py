"""The command ``record``: a reverse proxy on this machine that takes down what goes through it."""

from contextlib import ExitStack
from pathlib import Path

import click

from batchproof.client import ConfigError
from batchproof.client.addresses import base_address, check_ca_file
from batchproof.commands.inputs import Input
from batchproof.contract import Contract, ContractError, default_contract, load_contract
from batchproof.failing import EXIT_BROKEN, described
from batchproof.history.traffic import server_at
from batchproof.recording import Proxy, Tape, Way
from batchproof.report.printable import visible
from batchproof.saying import fail

CODES = """\b
Exit codes:
  0    interrupted, as it is meant to end; the history is whole
  2    bad usage or configuration
  4    batchproof broke, or something could not be written
"""


@click.command("record", epilog=CODES)
@click.option("--target", required=True, metavar="URL", help="Base address of the server that answers.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Port on 127.0.0.1 (default: a free one).",
)
@click.option("--contract", metavar="ID", help="The contract: an id, or a contract folder.")
@click.option(
    "--output",
    default="traffic.ndjson",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The history; there may be none yet (default: traffic.ndjson).",
)
@click.option(
    "--redact",
    multiple=True,
    metavar="POINTER",
    help="A place in bodies that is secret, too (a JSON Pointer, * for elements); may be given again.",
)
@click.option(
    "--ca-file",
    type=Input("a file of certificates (PEM)", as_text=True),
    metavar="FILE",
    help="Certificates (PEM) that the server's is verified by.",
)
def record_command(
    *,
    target: str,
    port: int,
    contract: str | None,
    output: Path,
    redact: tuple[str, ...],
    ca_file: str | None,
) -> None:
    """Pass requests on to a server, and record them, until interrupted.

    Let your program use the printed address in place of that of the server. Nothing is changed on the way but the
    headers of single connections. Each exchange is written as it ends; secrets are found in the traffic itself and
    written nowhere. Then judge the history.

    Example: batchproof record --target https://staging.example.com --port 8081
    """
    try:
        loaded = load_contract(contract or default_contract())
        address = base_address("--target", target)
        if ca_file is not None:
            check_ca_file("--ca-file", "", ca_file)
        way = Way(address, ca_file)
        tape = _tape(loaded, address, output, redact)
    except (ConfigError, ContractError) as error:
        fail(error)
    proxy = Proxy(way, tape, port=port)
    with ExitStack() as stack:
        try:
            stack.enter_context(proxy)
        except OSError as error:
            tape.close()
            output.unlink(missing_ok=True)
            fail(f"--port {port}: cannot be used: {error.strerror}; choose another one")
        try:
            click.echo(f"READY {proxy.url}")
            click.echo(f"HISTORY {visible(str(output))}")
            proxy.wait()
        except KeyboardInterrupt:
            pass
        except OSError:
            # nobody was told where it listens
            tape.close()
            output.unlink(missing_ok=True)
            raise
    try:
        tape.close()
    except OSError as error:
        fail(described(error), EXIT_BROKEN)
    if proxy.failure is not None:
        fail(described(proxy.failure), EXIT_BROKEN)
    many = "1 request" if tape.count == 1 else f"{tape.count} requests"
    click.echo(f"{many} recorded: batchproof judge {visible(str(output))}")


def _tape(contract: Contract, address: str, output: Path, redact: tuple[str, ...]) -> Tape:
    try:
        return Tape(contract, server=server_at(address), file=output, redact=redact, keep=False)
    except FileExistsError as error:
        raise ConfigError(f"--output {output}", "", "is there already; name another file") from error
    except OSError as error:
        raise ConfigError(
            f"--output {output}", "", f"cannot be used: {error.strerror}; name another file"
        ) from error
