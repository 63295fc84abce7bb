"""The words of one finding."""

from collections.abc import Sequence
from typing import NamedTuple

from batchproof.judging.results import Shown


class Worded(NamedTuple):
    """What is broken in one line, and what the rule looked at."""

    headline: str
    shown: Sequence[Shown] = ()


_DOCUMENTED = "documented: "


def worded(headline: str, came: str = "", documented: str = "") -> Worded:
    """The words where the exchanges of a finding show together what ``came``, beside what is ``documented``."""
    text = "; ".join([*([came] if came else []), *([f"{_DOCUMENTED}{documented}"] if documented else [])])
    return Worded(headline, [Shown(text=text)] if text else [])


def came_alone(text: str) -> str:
    """What came, of a text that says what is documented, too; empty where it says nothing else."""
    # what a server sends stands before that, and may hold the same words
    return "" if text.startswith(_DOCUMENTED) else text.rpartition(f"; {_DOCUMENTED}")[0] or text
