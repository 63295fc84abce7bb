"""What handlers need of the emulator."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from batchproof.emulator import interface
from batchproof.emulator.exchange import Call

from .behaviour import Behaviour
from .store import Workspace

Held = TypeVar("Held")


class Store(interface.Store[Behaviour, Workspace], Protocol):
    """What the emulator holds, and what an id names in it."""

    def named(self, call: Call, held: Callable[[Workspace], Mapping[str, Held]]) -> Held | None:
        """What the id in the path names in the workspace of the caller, or in any, where an operation shares them all."""
