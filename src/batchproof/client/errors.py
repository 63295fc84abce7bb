"""The errors of this room."""

from pathlib import Path

from batchproof.errors import BatchproofError


class ConfigError(BatchproofError):
    """A configuration cannot be used. The message is one line: file or option, key, remedy."""

    def __init__(self, where: Path | str, key: str, remedy: str) -> None:
        super().__init__(f"{where}: {key}: {remedy}" if key else f"{where}: {remedy}")


class UnsendableError(BatchproofError):
    """No request can be made of what the server or the user gave: an id that is longer than any address, say."""


class HaltedError(BatchproofError):
    """The run has stopped asking. The message says why; since when is told once, by who judges the run."""


class BudgetError(BatchproofError):
    """A limit of the run is reached. ``option`` names what would raise it; ``spent`` tells a limit that was used up."""

    def __init__(self, message: str, option: str, *, spent: bool) -> None:
        super().__init__(message)
        self.option = option
        self.spent = spent
