"""A share of a plan: the scenarios of a run, spread over several machines."""

import re
from typing import NamedTuple, Self

from batchproof.client.errors import ConfigError

_WRITTEN = re.compile(r"([0-9]{1,4})/([0-9]{1,4})", re.ASCII)


class Shard(NamedTuple):
    """Share ``number`` of ``of``; they count from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The share that ``2/5`` names. Raises ``ConfigError``."""
        written = _WRITTEN.fullmatch(text)
        shard = cls(*map(int, written.groups())) if written is not None else cls(0, 0)
        if not 1 <= shard.number <= shard.of:
            raise ConfigError(
                "--shard", "", f"{text!r} is no share of a plan; write 2/5 for the second of five"
            )
        return shard

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"
