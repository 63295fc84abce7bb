"""The table of behaviours: name, one sentence, function."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from .wire import Request, Wire
from .world import World

Connected = Callable[[World, Wire], Awaitable[None]]
Asked = Callable[[World, Wire, Request], Awaitable[None]]
When = Callable[[World, Request], bool]


class Behaviour(NamedTuple):
    """One way to be hostile, and the exit codes that are true of it."""

    name: str
    sentence: str
    exits: frozenset[int]
    table: str = ""
    connected: Connected | None = None
    asked: Asked | None = None
    when: When | None = None
    scheme: str = "http"
    host: str = "127.0.0.1"
    certificate: str = ""
    trusted: str = ""
    receiver: bool = False
    faults: tuple[str, ...] = ()


ALL: dict[str, Behaviour] = {}
INCONCLUSIVE = frozenset({3})
BROKEN = frozenset({1})
EITHER = frozenset({1, 3})


def always(_: World, request: Request) -> bool:
    """Every request meets the behaviour."""
    return bool(request)


def reads(_: World, request: Request) -> bool:
    """Reads of one object meet the behaviour; the rest is healthy."""
    return request.method == "GET" and len(request.parts) > 1


def lists(_: World, request: Request) -> bool:
    """Lists meet the behaviour; the rest is healthy."""
    return request.method == "GET" and len(request.parts) == 1


def later(world: World, _: Request) -> bool:
    """From the seventh request on nothing is healthy."""
    return world.requests > 6


def on_connection(*, exits: frozenset[int] = INCONCLUSIVE, **more: Any) -> Callable[[Connected], Connected]:
    """Marks a function that has a connection for itself."""

    def register(function: Connected) -> Connected:
        _add(function, exits, connected=function, **more)
        return function

    return register


def on_request(
    *, when: When = always, exits: frozenset[int] = INCONCLUSIVE, **more: Any
) -> Callable[[Asked], Asked]:
    """Marks a function that answers one request; what it is not asked the emulator answers."""

    def register(function: Asked) -> Asked:
        _add(function, exits, asked=function, when=when, **more)
        return function

    return register


def _add(function: Callable[..., Any], exits: frozenset[int], **more: Any) -> None:
    name = function.__name__.replace("_", "-")
    if name in ALL or not function.__doc__:
        raise ValueError(f"{name} is there already, or says nothing")
    ALL[name] = Behaviour(name, function.__doc__, exits, function.__module__, **more)
