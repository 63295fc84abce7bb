"""How events are delivered: the places where a fault or a variant may reach into webhooks."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from batchproof.emulator.exchange import JsonObject

from . import behaviour as common

HeadersHook = Callable[[dict[str, str]], object]


def signature(secret: str, timestamp: str, raw: bytes) -> str:
    """Verifying webhook requests: HMAC-SHA256 of `v0:{timestamp}:{raw body}` under the signing secret, in lower-case hex."""
    return hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + raw, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Mail:
    """The documented way of delivering events, until it is changed.

    `strays` are bodies that somebody else sends to the same address before each event. `acknowledged` holds the ids of the
    objects whose event was accepted, `watched` those that will have one.
    """

    method: str = "POST"
    timestamp: Callable[[], str] = lambda: str(int(time.time()))
    sign: Callable[[str, str, bytes], str] = signature
    headers: list[HeadersHook] = field(default_factory=list)
    extras: list[Callable[[JsonObject], JsonObject]] = field(default_factory=list)
    wrap: Callable[[JsonObject], object] = lambda event: event
    copies: int = 1
    strays: list[bytes] = field(default_factory=list)
    delay_s: Callable[[int], float] = lambda _number: 0.0
    sends: bool = True
    watched: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)


class Behaviour(common.Behaviour):
    """The documented behaviour of an emulator that delivers events."""

    mail: Mail

    def __init__(self, step_ms: int) -> None:
        super().__init__(step_ms)
        self.mail = Mail()
