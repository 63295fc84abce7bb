"""The one error of this room."""

from pathlib import Path

from batchproof.errors import BatchproofError


class ContractError(BatchproofError):
    """A contract folder cannot be used. The message is one line: file, key, remedy, and how many ``others`` there are.

    ``alone`` is that line without the others.
    """

    def __init__(self, file: Path | str, key: str, remedy: str, others: str = "") -> None:
        self.remedy = remedy
        self.alone = f"{file}: {key}: {remedy}" if key else f"{file}: {remedy}"
        super().__init__(self.alone + others)
