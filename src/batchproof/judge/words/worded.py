"""The words of one finding."""

from collections.abc import Sequence
from typing import NamedTuple

from batchproof.judge.results import Shown


class Worded(NamedTuple):
    """What is broken in one line, and what the rule looked at."""

    headline: str
    shown: Sequence[Shown] = ()


def worded(headline: str, came: str = "") -> Worded:
    """The words where the exchanges of a finding show together what ``came``."""
    return Worded(headline, [Shown(text=came)] if came else [])
