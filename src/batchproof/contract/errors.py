"""The one error of this room."""

from pathlib import Path


class ContractError(Exception):
    """A contract folder cannot be used. The message is one line: file, key, remedy."""

    def __init__(self, file: Path | str, key: str, remedy: str) -> None:
        super().__init__(f"{file}: {key}: {remedy}" if key else f"{file}: {remedy}")
