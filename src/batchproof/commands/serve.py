"""``batchproof serve``: the emulator alone."""

import os
import secrets
from contextlib import ExitStack, suppress
from typing import Any

import click

from batchproof import emulator
from batchproof.client.webhooks import DEFAULT_SECRET_ENV
from batchproof.commands import options
from batchproof.contract import default_contract
from batchproof.saying import fail


@click.command("serve")
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    metavar="ID",
    help="The contract; given again, another version at the same address, chosen by its header.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port (default: a free one)."
)
@click.option(
    "--step-ms",
    type=click.IntRange(1),
    default=50,
    metavar="N",
    help="Milliseconds that each state lasts (default: 50).",
)
@click.option("--fault", "faults", multiple=True, metavar="NAME", help="Plant a fault; may be given again.")
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME",
    help="Behave unusually, but legally; may be given again.",
)
@click.option("--token-env", metavar="NAME", help="Accept only the token in this environment variable.")
@click.option("--webhook", "webhook_url", metavar="URL", help="Deliver the events of every workspace there.")
@options.webhook_secret
@click.option(
    "--clock",
    type=click.Choice(["wall", "requests"]),
    default="wall",
    help="What moves the emulator's time: the wall clock (default), or every request.",
)
def serve_command(
    contracts: tuple[str, ...],
    port: int,
    step_ms: int,
    faults: tuple[str, ...],
    variants: tuple[str, ...],
    token_env: str | None,
    webhook_url: str | None,
    webhook_secret_env: str | None,
    clock: str,
) -> None:
    """Run the emulator alone until it is interrupted.

    Every bearer token is accepted, and each is a workspace of its own, except those that
    contain a word like "unknown" or "invalid". Without a secret in the environment, the one
    that signs webhooks is made up and printed. With --clock requests nothing happens while
    nobody asks, ids are the same in every run, times count from the start, and an address is
    printed: POST to it with ?seconds=N moves the clock.

    With --contract given again, a header of the request chooses the version. Versions share the address, the clock,
    what tokens mean, and their processors and runs. --fault CONTRACT:NAME plants a fault into one of them.

    Example: batchproof serve --port 8080 --fault status-lowercase
    """
    tokens = None
    if token_env is not None:
        token = os.environ.get(token_env)
        if not token:
            fail(f"--token-env: the environment variable {token_env} is not set; put the token there")
        tokens = [token]
    secret = os.environ.get(webhook_secret_env or DEFAULT_SECRET_ENV)
    if webhook_secret_env is not None and not secret:
        fail(f"--webhook-secret-env: the environment variable {webhook_secret_env} is not set")
    made_up = None if secret else f"wss_{secrets.token_urlsafe(24)}"
    about: dict[str, Any] = {
        "step_ms": step_ms,
        "faults": faults,
        "variants": variants,
        "tokens": tokens,
        "webhook": None if webhook_url is None else emulator.Webhook(webhook_url, secret or made_up or ""),
    }
    served = contracts or (default_contract(),)
    made: emulator.Embedded | emulator.Server
    try:
        if clock == "requests":
            made = emulator.Embedded(served, port=port, **about)
        else:
            made = emulator.Server(emulator.create_apps(served, **about)[0], port=port)
    except ValueError as error:
        fail(error)
    with ExitStack() as stack:
        try:
            stack.enter_context(made)
        except OSError as error:
            fail(f"--port {port}: cannot be used: {error.strerror}; choose another one")
        with suppress(KeyboardInterrupt):
            click.echo(f"READY {made.url}")
            if isinstance(made, emulator.Embedded):
                click.echo(f"CLOCK {made.control}")
            if webhook_url is not None and made_up is not None:
                click.echo(f"SECRET {made_up}")
            made.wait()
