"""Turns the ends of objects into signed events, and hands these to the postman."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp

from batchproof.emulator.clock import Clock, SystemClock
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.postman import Letter, Postman, Webhook
from batchproof.emulator.tokens import TokenPolicy
from batchproof.emulator.vendor import Counted

from .life import FAILED, PROCESSED, Schedule
from .mail import Behaviour
from .vendor import VERSION_HEADER, ExtendVendor

OPERATION = "webhook"
_ENDED = {PROCESSED: "processed", FAILED: "failed"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address with the types of event that it has asked for; None means all."""

    url: str
    secret: str
    events: frozenset[str] | None


@dataclass(slots=True)
class Subscribed(Counted):
    """A workspace with the addresses that want its events."""

    endpoints: list[Endpoint] = field(default_factory=list, kw_only=True)


class Watched(Protocol):
    """What ends, and has an event then."""

    @property
    def id(self) -> str: ...

    @property
    def schedule(self) -> Schedule: ...


# The type of the event and its payload, by how the object has ended; None where there is nothing to tell of.
Tale = Callable[[str, Call], tuple[str, JsonObject] | None]

B = TypeVar("B", bound=Behaviour)
W = TypeVar("W", bound=Subscribed)


class Sender(Protocol):
    """What an outbox needs of the emulator whose events it sends."""

    @property
    def version(self) -> str: ...

    @property
    def behaviour(self) -> Behaviour: ...

    @property
    def clock(self) -> Clock: ...

    def time(self) -> int:
        """The clock's time in milliseconds since 1970."""

    def new_request_id(self) -> str:
        """A fresh request id."""


class DeliveringVendor(ExtendVendor[B, W]):
    """The common part of the versions that deliver events."""

    def __init__(
        self, behaviour: B, clock: Clock, tokens: TokenPolicy, webhook: Webhook | None = None
    ) -> None:
        super().__init__(behaviour, clock, tokens)
        self.outbox = Outbox(self, webhook)

    def time(self) -> int:
        """The clock's time in milliseconds since 1970."""
        return super().now()

    def now(self) -> int:
        """The time of a request; what has ended by then sends its event."""
        moment = super().now()
        self.outbox.observe(moment)
        return moment

    async def close(self) -> None:
        """End with what is not delivered yet."""
        await self.outbox.close()

    def hand_events_to(self, receiver: ASGIApp) -> None:
        """Have events handed to an application of this process, whichever address was registered for them."""
        self.outbox.postman.hand_to(receiver)


class Outbox:
    """The events of all workspaces. Those of `webhook` get every one."""

    def __init__(self, sender: Sender, webhook: Webhook | None) -> None:
        self._sender = sender
        self._everywhere = [] if webhook is None else [Endpoint(webhook.url, webhook.secret, None)]
        self.postman = Postman(sender.time, real_time=isinstance(sender.clock, SystemClock))
        self._sent = 0

    def observe(self, now: int) -> None:
        """What has ended by then sends its event."""
        self.postman.observe(now)

    async def close(self) -> None:
        """Deliver nothing more."""
        await self.postman.close()

    def share(self, other: "Outbox") -> None:
        """Have the postman of another version, who then learns of the time from the requests to either of them."""
        self.postman = other.postman

    def watch(
        self, endpoints: Sequence[Endpoint], record: Watched, tale: Tale, *, made_elsewhere: bool = False
    ) -> None:
        """Let an object send its event when it has ended, if anybody has asked for events.

        `webhook` is pinned to no version: what was `made_elsewhere`, in another one, goes there in the form of that one.
        """
        mail = self._sender.behaviour.mail
        everywhere = () if made_elsewhere else self._everywhere
        if not (endpoints or everywhere) or not mail.sends:
            return
        mail.watched.add(record.id)

        def ended(now: int) -> None:
            self._ended((*endpoints, *everywhere), record, tale, now)

        self.postman.at(record.schedule.ended, ended)

    def _ended(self, endpoints: Sequence[Endpoint], record: Watched, tale: Tale, now: int) -> None:
        behaviour = self._sender.behaviour
        call = self._call(now)
        described = tale(_ENDED[record.schedule.outcome], call)
        if described is None:
            return
        kind, payload = described
        body: JsonObject = {"eventId": behaviour.new_id("evt"), "eventType": kind, "payload": payload}
        event = behaviour.shape("webhook_event", body, record, call)
        for item in (event, *(extra(event) for extra in behaviour.mail.extras)):
            self._post(endpoints, kind, item, record.id)

    def _post(self, endpoints: Sequence[Endpoint], kind: str, event: JsonObject, about: str) -> None:
        mail = self._sender.behaviour.mail
        raw = json.dumps(mail.wrap(event), separators=(",", ":")).encode()
        for endpoint in endpoints:
            if endpoint.events is not None and kind not in endpoint.events:
                continue
            for stray in mail.strays:
                self.postman.send(Letter("POST", endpoint.url, {"content-type": "application/json"}, stray))
            stamp = mail.timestamp()
            headers = {
                "content-type": "application/json",
                VERSION_HEADER: self._sender.version,
                "x-extend-request-timestamp": stamp,
                "x-extend-request-signature": mail.sign(endpoint.secret, stamp, raw),
            }
            for hook in mail.headers:
                hook(headers)
            for _ in range(mail.copies):
                self._sent += 1
                self.postman.send(
                    Letter(mail.method, endpoint.url, headers, raw),
                    delay_s=mail.delay_s(self._sent),
                    delivered=lambda: mail.acknowledged.add(about),
                )

    def _call(self, now: int) -> Call:
        """Nobody has asked: what an event shows is shown as if at that time somebody had."""
        return Call(
            operation=OPERATION,
            now=now,
            request_id=self._sender.new_request_id(),
            target="",
            headers=Headers({}),
            query=QueryParams(),
            path={},
            body=b"",
        )
