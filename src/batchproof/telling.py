"""What a command says to the person before the terminal, and how it ends when it cannot go on."""

import sys
from contextlib import suppress
from typing import NoReturn

import click
from rich.console import Console

from batchproof.report.printable import visible

WIDTH = 80


class _Console(Console):
    """A console that says when its reader has gone, instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Raises ``BrokenPipeError``."""
        raise  # noqa: PLE0704 - called where one is handled


def console() -> Console:
    """The standard output, 80 columns wide."""
    # bound now, because pytest is run with another stdout
    return _Console(file=sys.stdout, width=WIDTH, highlight=False)


def tell(message: object) -> None:
    """Prints one line on the standard error."""
    with suppress(OSError):
        click.echo(f"batchproof: {visible(' '.join(str(message).split()))}", err=True)


def fail(message: object, code: int = 2) -> NoReturn:
    """Says why a command cannot go on, and ends the process with ``code``."""
    tell(message)
    sys.exit(code)
