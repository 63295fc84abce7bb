"""What the handlers of all versions need of the emulator."""

from typing import Protocol

from batchproof.emulator import interface
from batchproof.emulator.exchange import Call
from batchproof.emulator.interface import B_co, W_co

from .life import Schedule
from .outbox import Outbox


class Store(interface.Store[B_co, W_co], Protocol[B_co, W_co]):
    """What the emulator of a version holds."""

    @property
    def outbox(self) -> Outbox: ...

    def schedule(self, call: Call, processing_steps: int, outcome: str) -> Schedule:
        """The life of an object that is created now."""
