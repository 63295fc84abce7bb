"""Two instances of a requirement."""

from typing import NamedTuple


class Instances(NamedTuple):
    """What passes, and what does not, each in one line of plain text; ``asked`` is the request, where it tells something."""

    passes: str
    fails: str
    asked: str = ""
