"""What the handlers of every emulator need of it: how it behaves, and what it remembers."""

from typing import Protocol, TypeVar

from .exchange import Call

B_co = TypeVar("B_co", covariant=True)
W_co = TypeVar("W_co", covariant=True)


class Store(Protocol[B_co, W_co]):
    """What a vendor's emulator holds."""

    @property
    def behaviour(self) -> B_co: ...

    def workspace(self, call: Call) -> W_co:
        """The workspace of the caller's token."""
