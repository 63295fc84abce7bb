"""The last look at what a run leaves behind: an artefact that holds a secret is removed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from batchproof.errors import BatchproofError
from batchproof.folders import REPORTS, SCRIPTS
from batchproof.history import Redactor
from batchproof.history.spellings import LONGEST_SPELLING

# what a run writes; other files in its folder belong to somebody else
ARTEFACTS = (
    "*.ndjson",
    *REPORTS,
    f"{SCRIPTS}/*.json",
    ".*.ndjson*",
    ".history.joined",
)
# a line that is longer is read in pieces
_STEP = 4 * 1024 * 1024


class LeakError(BatchproofError):
    """Artefacts held a secret, and are gone. The message is one line that names them."""


def check(folder: Path, secrets: Mapping[str, str]) -> None:
    """Removes every artefact in ``folder`` that holds one of ``secrets``. Raises ``LeakError``, or ``OSError``."""
    redactor = Redactor(secrets)
    found = sorted(
        {file for pattern in ARTEFACTS for file in folder.glob(pattern) if _holds_a_secret(file, redactor)}
    )
    for file in found:
        file.unlink()
    if found:
        names = ", ".join(str(file.relative_to(folder)) for file in found)
        raise LeakError(
            f"a secret stood in {names}; removed, because a defect of batchproof had put it there"
        )


def _holds_a_secret(file: Path, redactor: Redactor) -> bool:
    return any(map(redactor.may_hold_a_secret, _pieces(file)))


def _pieces(file: Path) -> Iterator[str]:
    """The lines of ``file``, a long one in pieces that overlap: histories may be larger than memory should be.

    By lines, because most of them hold nothing that is escaped, and only the others are read in every way.
    """
    with file.open("rb") as stream:
        before = b""
        while piece := stream.readline(_STEP):
            yield (before + piece).decode("utf-8", "replace")
            before = b"" if piece.endswith(b"\n") else piece[-LONGEST_SPELLING:]
