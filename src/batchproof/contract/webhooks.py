"""What a contract says about webhooks: how deliveries are signed, what they carry, and what they claim."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec

from batchproof.contract import pointer
from batchproof.json_values import Json

# stands for "what a receiver of webhooks gets", where others name operations
RECEIVER = "(webhooks)"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the parts of the section: unknown keys are errors."""


class FixedHeader(Part, frozen=True, kw_only=True):
    """A header that every delivery has, with its one value."""

    value: str
    requirement: str


class Freshness(Part, frozen=True, kw_only=True):
    """How many seconds the timestamp of a delivery may lie before and after the moment at which it arrives."""

    past_s: int
    future_s: int
    requirement: str


class Timestamp(Part, frozen=True, kw_only=True):
    """The header that tells when a delivery was signed, in seconds since 1970."""

    header: str
    requirement: str
    fresh: Freshness | None = None


class Signature(Part, frozen=True, kw_only=True):
    """How a delivery is signed. ``signed`` is the text under the signature, with ``{timestamp}`` and ``{body}``."""

    header: str
    timestamp: Timestamp
    signed: str
    requirement: str
    algorithm: Literal["hmac-sha256"] = "hmac-sha256"
    encoding: Literal["hex", "base64"] = "hex"


class Envelope(Part, frozen=True, kw_only=True):
    """The body of every delivery: its schema, and where the id of the event and its type stand."""

    schema: str
    requirement: str
    id: str
    type: str


class Claim(Part, frozen=True, kw_only=True):
    """The state in which the object of an event has ended: its payload shows it, or one that is ``tolerated``.

    A read that begins after the arrival shows an end, too.
    """

    status: str
    tolerated: list[str] = []
    requirement: str
    after_requirement: str


class WebhookEvent(Part, frozen=True, kw_only=True):
    """One type of event: the object that its payload shows, and what it claims about it."""

    resource: str
    schema: str
    requirement: str
    at: str
    view: str = "event"
    ended: Claim | None = None


class Mark(Part, frozen=True, kw_only=True):
    """The value at one place of a body; without ``value``, any text that stands there."""

    at: str
    value: str | None = None

    def on(self, body: Json) -> bool:
        """Whether ``body`` has the mark."""
        found = pointer.first(body, self.at)
        return isinstance(found, str) if self.value is None else found == self.value


class Registration(Part, frozen=True, kw_only=True):
    """The request that tells the embedded emulator of a receiver. In ``body``, ``{$receiver: url}`` is its address."""

    path: str
    body: Json
    secret: str


class Named(NamedTuple):
    """What a body names: an event of a known type, its payload, and the id of the object that the payload shows."""

    type: str
    event: WebhookEvent
    payload: Json
    id: str | None
    referred: bool


class Webhooks(Part, frozen=True, kw_only=True):
    """The section ``webhooks`` of ``contract.yaml``. A payload with the mark ``reference`` only refers to the object."""

    envelope: Envelope
    signature: Signature
    events: dict[str, WebhookEvent]
    headers: dict[str, FixedHeader] = {}
    reference: Mark | None = None
    register: Registration | None = None

    def named(self, body: Json, ids: dict[str, str]) -> Named | None:
        """What ``body`` names, or None for an event of an unknown type; ``ids`` tells for each resource where its id stands."""
        kind = pointer.first(body, self.envelope.type)
        event = self.events.get(kind) if isinstance(kind, str) else None
        if event is None:
            return None
        payload = pointer.first(body, event.at)
        identifier = pointer.first(payload, ids[event.resource])
        referred = self.reference is not None and self.reference.on(body)
        return Named(kind, event, payload, identifier if isinstance(identifier, str) else None, referred)

    def of_every_delivery(self) -> Iterator[str]:
        """The requirements that headers and signature of every delivery show."""
        yield self.envelope.requirement
        yield self.signature.requirement
        yield self.signature.timestamp.requirement
        yield from (header.requirement for header in self.headers.values())
