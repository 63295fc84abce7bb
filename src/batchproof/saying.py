"""What a command says to the person before the terminal, and how it ends when it cannot go on."""

import sys
from contextlib import suppress
from typing import NoReturn

import click

WIDTH = 80


def say(message: object) -> None:
    """Prints one line on the standard error."""
    # the package of reports takes a third of a second to load, and most commands have nothing to complain about
    from batchproof.report.printable import visible  # noqa: PLC0415

    with suppress(OSError):
        click.echo(f"batchproof: {visible(' '.join(str(message).split()))}", err=True)


def fail(message: object, code: int = 2) -> NoReturn:
    """Says why a command cannot go on, and ends the process with ``code``."""
    say(message)
    sys.exit(code)
