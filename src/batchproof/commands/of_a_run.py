"""What a command that is about a run is given: options, and what they come to."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import click

from batchproof.client import MOST_WORKERS, ConfigError, Options, Settings
from batchproof.commands import options
from batchproof.commands.inputs import Input
from batchproof.contract import Contract, ContractError
from batchproof.saying import fail
from batchproof.session import configure_run

_OPTIONS = (
    options.contract,
    options.target,
    options.token_env,
    options.token_file,
    options.ca_file,
    options.config,
    click.option(
        "--profile",
        type=click.Choice(["quick", "core", "full"]),
        help="How much to exercise (default: core).",
    ),
    options.max_runs,
    click.option("--max-requests", type=click.IntRange(1), metavar="N", help="Requests that may be sent."),
    click.option(
        "--workers",
        type=click.IntRange(1, MOST_WORKERS),
        metavar="N",
        help="Scenarios at a time (default: 16, on the embedded emulator 1).",
    ),
    click.option(
        "--seed",
        type=click.IntRange(0),
        metavar="N",
        help="Seed of all random choices (default: 0, in profile full a random one).",
    ),
    click.option(
        "--webhook-url",
        metavar="URL",
        help="Where the server reaches the receiver of webhooks (the emulator finds it by itself).",
    ),
    click.option(
        "--webhook-listen",
        metavar="HOST:PORT",
        help="Where the receiver listens, if its address does not say so itself.",
    ),
    options.webhook_secret,
    click.option(
        "--shard", metavar="K/N", help="Drive the K-th of N shares of the plan; see batchproof merge."
    ),
    click.option(
        "--resume",
        type=Input("the folder of a run that was cut", kind="folder", as_text=True),
        metavar="DIR",
        help="Go on with the run in DIR, which was cut: its contract, target, profile, seed and limits hold.",
    ),
    options.expected,
    options.strict,
    options.claim,
    options.output,
)


def of_a_run(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say what a run is."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def configured(given: Mapping[str, Any]) -> tuple[Contract, Settings]:
    """The contract and the settings that the options come to; ends the process where they come to none."""
    try:
        return configure_run(Options(**given), os.environ)
    except (ConfigError, ContractError) as error:
        fail(error)
