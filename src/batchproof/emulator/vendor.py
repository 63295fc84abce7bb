"""What every emulated vendor has: its behaviour, a clock, its operations, and a workspace for each token."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, Self, TypeVar

from starlette.types import ASGIApp

from .behaviour import Behaviour
from .clock import Clock, to_milliseconds
from .exchange import Call, JsonObject, Operation
from .tokens import TokenPolicy


@dataclass(slots=True)
class Counted:
    """A workspace that counts what is created in it."""

    numbers: int = field(default=0, kw_only=True)

    def next_number(self) -> int:
        """Count one more creation."""
        self.numbers += 1
        return self.numbers


B = TypeVar("B", bound=Behaviour)
W = TypeVar("W", bound=Counted)


class Vendor(Generic[B, W]):
    """The common part of an emulator; everything lives in memory."""

    def __init__(self, behaviour: B, clock: Clock, tokens: TokenPolicy) -> None:
        self.behaviour = behaviour
        self.clock = clock
        self._tokens = tokens
        self._workspaces: dict[str, W] = {}
        # Told of each token that is met for the first time, where another version shares the workspace.
        self.met: Callable[[str, int], object] | None = None

    def now(self) -> int:
        """The clock's time in milliseconds since 1970."""
        return to_milliseconds(self.clock.now())

    async def close(self) -> None:
        """End what goes on between requests: nothing, unless a vendor has something."""

    def hand_events_to(self, receiver: ASGIApp) -> None:
        """Have events handed to an application of this process; nothing happens where a vendor sends none."""

    def token(self, call: Call) -> str | None:
        """The accepted token of a call, or None if it is not authenticated."""
        return self._tokens.token(call.headers)

    def workspace(self, call: Call) -> W:
        """The workspace of the caller's token."""
        return self.workspace_of(self.token(call) or "", call.now)

    def workspace_of(self, token: str, now: int) -> W:
        """The workspace of a token, seeded when it is first met, unless it is another organisation's."""
        if token not in self._workspaces:
            # who has no token owns nothing either
            foreign = not token or self._tokens.foreign(token)
            self._workspaces[token] = self.bare() if foreign else self.seeded(now)
            if self.met is not None:
                self.met(token, now)
        return self._workspaces[token]

    def workspaces(self) -> Iterable[W]:
        """Those of all callers so far."""
        return self._workspaces.values()

    def seeded(self, now: int, /) -> W:
        """A new workspace with what is in it from the beginning."""
        raise NotImplementedError

    def bare(self) -> W:
        """A workspace with nothing in it."""
        raise NotImplementedError

    def limited(self, call: Call) -> bool:
        """Whether the quota of the caller's token is used up from the beginning."""
        return self._tokens.limited(self.token(call) or "")

    def unpaid(self, call: Call) -> bool:
        """Whether the caller has no credits left from the beginning."""
        return self._tokens.unpaid(self.token(call) or "")

    def bind(self, *rows: tuple[str, str, Callable[[Self, Call], JsonObject]]) -> tuple[Operation, ...]:
        """The operations of a table of method, path and handler; an operation has the name of its handler."""
        return tuple(
            Operation(handler.__name__, method, path, partial(handler, self))
            for method, path, handler in rows
        )
