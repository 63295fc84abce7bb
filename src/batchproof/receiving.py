"""Opens the receiver of webhooks where the server under test can reach one."""

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from typing import NamedTuple

import httpx
from starlette.types import ASGIApp

from batchproof.client import Receiver, RunClock, Settings, register
from batchproof.contract import Contract
from batchproof.history import HistoryWriter

_SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name that replaces it


class Registering(NamedTuple):
    """A server that may be told of a receiver: its address, and how it is asked, and hands events over, without a socket."""

    url: str
    transport: httpx.BaseTransport | None = None
    hand_events_to: Callable[[ASGIApp], None] | None = None


def open_receiver(
    contract: Contract,
    settings: Settings,
    writer: HistoryWriter,
    stack: ExitStack,
    *,
    clock: RunClock,
    server: Registering | None,
    part: str | None,
    first: int = 1,
) -> Receiver | None:
    """The receiver, open until ``stack`` is closed; None where there is no way to it. Its deliveries count from ``first``.

    ``server`` may be told of a receiver on this machine. Raises ``OSError`` when the port cannot be used.
    """
    address = settings.webhook
    # one address leads to one receiver, that of the scenarios
    if contract.manifest.webhooks is None or (address is not None and part is not None):
        return None
    shard = "" if settings.shard is None else f"{settings.shard.number}-"
    prefix = shard + ("d" if part is None else f"{part}-d")
    if address is not None:
        given = Receiver(
            contract,
            writer,
            clock=clock,
            path=address.path,
            host=address.host,
            port=address.port,
            secret=address.secret.value,
            prefix=prefix,
            first=first,
            max_body_mb=settings.max_body_mb,
        )
        return stack.enter_context(given)
    if server is None:
        return None
    path = f"/deliveries/{secrets.token_urlsafe(12)}"
    host = None if server.hand_events_to is not None else "127.0.0.1"
    receiver = stack.enter_context(
        Receiver(contract, writer, clock=clock, path=path, host=host, prefix=prefix, first=first)
    )
    if server.hand_events_to is not None:
        server.hand_events_to(receiver.app)
    receiver.secret = register(contract, settings, server.url, receiver.url, server.transport)
    if receiver.secret is not None:
        writer.learn(_SECRET, receiver.secret)
    return receiver
