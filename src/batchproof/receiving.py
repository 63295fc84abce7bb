"""Opens the receiver of webhooks where the server under test can reach one."""

import secrets
from contextlib import ExitStack

from batchproof.client import Receiver, RunClock, Settings, register
from batchproof.contract import Contract
from batchproof.history import HistoryWriter

_SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name that replaces it


def open_receiver(
    contract: Contract,
    settings: Settings,
    writer: HistoryWriter,
    stack: ExitStack,
    *,
    clock: RunClock,
    server: str | None,
    part: str | None,
    first: int = 1,
) -> Receiver | None:
    """The receiver, open until ``stack`` is closed; None where there is no way to it. Its deliveries count from ``first``.

    ``server`` is the address of a server that may be told of a receiver on this machine. Raises ``OSError`` when the
    port cannot be used.
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
    receiver = stack.enter_context(
        Receiver(contract, writer, clock=clock, path=path, prefix=prefix, first=first)
    )
    receiver.secret = register(contract, settings, server, receiver.url)
    if receiver.secret is not None:
        writer.learn(_SECRET, receiver.secret)
    return receiver
