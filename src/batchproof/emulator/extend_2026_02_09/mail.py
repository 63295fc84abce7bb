"""How events are delivered: the places where a fault or a variant may reach into webhooks."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common import behaviour as common

HeadersHook = Callable[[dict[str, str]], object]


def signature(secret: str, timestamp: str, raw: bytes) -> str:
    """SDK, webhooks: HMAC-SHA256 of `v0:{timestamp}:{raw body}` under the signing secret, in lower-case hex."""
    return hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Mail:
    """The documented way of delivering events, until it is changed.

    `event_type` names an event by family, whether it is one of a batch, and how that ended. `acknowledged` holds the ids
    of the objects whose event was accepted, `watched` those that will have one.
    """

    method: str = "POST"
    timestamp: Callable[[], str] = lambda: str(int(time.time()))
    sign: Callable[[str, str, bytes], str] = signature
    event_type: Callable[[str, bool, str], str] = lambda family, batch, ended: documented_type(
        family, batch=batch, ended=ended
    )
    headers: list[HeadersHook] = field(default_factory=list)
    extras: list[Callable[[JsonObject], JsonObject]] = field(default_factory=list)
    wrap: Callable[[JsonObject], object] = lambda event: event
    copies: int = 1
    delay_s: Callable[[int], float] = lambda _number: 0.0
    runs_of_batches: bool = False
    sends: bool = True
    watched: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)


def documented_type(family: str, *, batch: bool, ended: str) -> str:
    """Batch Processing, Webhooks: all batches but those of parse runs have the same events; runs have one of their kind."""
    if not batch:
        return f"{family}_run.{ended}"
    return f"{'batch_parse_run' if family == 'parse' else 'batch_processor_run'}.{ended}"


class Behaviour(common.Behaviour):
    """The documented behaviour, webhooks included."""

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.mail = Mail()
