"""The terminal as the commands print on it."""

import sys

from rich.console import Console

from batchproof.saying import WIDTH


class _Console(Console):
    """A console that says when its reader has gone, instead of ending the process."""

    def on_broken_pipe(self) -> None:
        """Raises ``BrokenPipeError``."""
        raise  # noqa: PLE0704 - called where one is handled


def console() -> Console:
    """The standard output, 80 columns wide."""
    # bound now, because pytest is run with another stdout
    return _Console(file=sys.stdout, width=WIDTH, highlight=False)
