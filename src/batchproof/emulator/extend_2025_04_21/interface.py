"""What handlers need of the emulator."""

from collections.abc import Callable, Sequence
from typing import Protocol

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import interface
from batchproof.emulator.paging import R

from .behaviour import Behaviour
from .store import Workspace


class Store(interface.Store[Behaviour, Workspace], Protocol):
    """What the emulator holds, and the pages of its lists."""

    def listing(
        self, name: str, records: Sequence[R], call: Call, render: Callable[[Behaviour, R, Call], JsonObject]
    ) -> JsonObject:
        """One page of a list."""
