"""Webhook endpoints, and the events that batches and runs send when they have ended."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, QueryParams

from batchproof.emulator.clock import SystemClock
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.errors import refuse
from batchproof.emulator.extend_common.life import FAILED, PROCESSED
from batchproof.emulator.extend_common.requests import body_of, text
from batchproof.emulator.postman import Letter, Postman, Webhook

from . import objects
from .families import FAMILIES, Family
from .store import Batch, Run, Workspace

if TYPE_CHECKING:
    from .emulator import Emulator

OPERATION = "webhook"
_ENDED = {PROCESSED: "processed", FAILED: "failed"}
_KEYS = frozenset({"url", "name", "enabledEvents", "apiVersion", "status", "advancedOptions"})
_BATCHES = ("batch_processor_run", "batch_parse_run")
_STATUSES = ("enabled", "disabled")
EVENTS = tuple(
    f"{kind}.{ended}"
    for kind in (*(family.kind for family in FAMILIES), *_BATCHES)
    for ended in _ENDED.values()
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address with the types of event that it has asked for; None means all."""

    url: str
    secret: str
    events: frozenset[str] | None


def create_webhook_endpoint(emulator: "Emulator", call: Call) -> JsonObject:
    """Create Webhook Endpoint: the signing secret is in this answer and nowhere else; unknown keys are refused."""
    body = body_of(call)
    unknown = sorted(set(body) - _KEYS)
    if unknown:
        refuse(f"The keys {', '.join(unknown)} are not known.")
    url, name = text(body.get("url"), "url"), text(body.get("name"), "name")
    if not url.startswith(("http://", "https://")):
        refuse("url must be an http or https URL.")
    events = body.get("enabledEvents")
    if not isinstance(events, list) or not all(isinstance(item, str) for item in events):
        refuse("enabledEvents must be an array of types of event.")
    if body.get("apiVersion") != emulator.version:
        refuse(f"apiVersion must be {emulator.version}.")
    status = body.get("status", _STATUSES[0])
    if status not in _STATUSES:
        refuse(f"status must be one of {', '.join(_STATUSES)}.")
    secret = emulator.behaviour.new_id("wss")
    if status == _STATUSES[0]:
        emulator.workspace(call).endpoints.append(Endpoint(url, secret, frozenset(events)))
    endpoint: JsonObject = {
        "object": "webhook_endpoint",
        "id": emulator.behaviour.new_id("wh"),
        "url": url,
        "name": name,
        "status": status,
        "enabledEvents": events,
        "apiVersion": emulator.version,
        "advancedOptions": body.get("advancedOptions"),
        "signingSecret": secret,
        "createdAt": emulator.behaviour.timestamp(call.now),
    }
    return emulator.behaviour.shape("webhook_endpoint", endpoint, None, call)


class Outbox:
    """Turns the ends of batches and runs into events, and hands these to the postman."""

    def __init__(self, emulator: "Emulator", webhook: Webhook | None) -> None:
        self._emulator = emulator
        self._everywhere = [] if webhook is None else [Endpoint(webhook.url, webhook.secret, None)]
        self._postman = Postman(emulator.time, real_time=isinstance(emulator.clock, SystemClock))
        self._sent = 0

    def observe(self, now: int) -> None:
        """What has ended by then sends its event."""
        self._postman.observe(now)

    def watch(self, workspace: Workspace, family: Family, record: Batch | Run) -> None:
        """Let a batch or a run send its event when it has ended, if anybody has asked for events."""
        mail = self._emulator.behaviour.mail
        if not (workspace.endpoints or self._everywhere) or not mail.sends:
            return
        if isinstance(record, Run) and record.batch is not None and not mail.runs_of_batches:
            return
        mail.watched.add(record.id)
        self._postman.at(record.schedule.ended, lambda now: self._ended(workspace, family, record, now))

    def _ended(self, workspace: Workspace, family: Family, record: Batch | Run, now: int) -> None:
        """No event is documented for what was cancelled; what was deleted has none to tell of."""
        if isinstance(record, Run) and (
            record.cancelled is not None or record.id not in workspace.runs[family.name]
        ):
            return
        ended = _ENDED[record.schedule.outcome]
        call = self._call(now)
        behaviour = self._emulator.behaviour
        kind = behaviour.mail.event_type(family.name, isinstance(record, Batch), ended)
        body: JsonObject = {
            "eventId": behaviour.new_id("evt"),
            "eventType": kind,
            "payload": self._payload(family, record, call),
        }
        event = behaviour.shape("webhook_event", body, record, call)
        for item in (event, *(extra(event) for extra in behaviour.mail.extras)):
            self._post(workspace, kind, item, record)

    def _payload(self, family: Family, record: Batch | Run, call: Call) -> JsonObject:
        behaviour = self._emulator.behaviour
        if isinstance(record, Batch):
            return objects.batch_run(behaviour, record, call)
        if family.processor is None:
            return objects.parse_run_status(behaviour, record, call)
        return objects.run(behaviour, record, call)

    def _post(self, workspace: Workspace, kind: str, event: JsonObject, record: Batch | Run) -> None:
        mail = self._emulator.behaviour.mail
        raw = json.dumps(mail.wrap(event), separators=(",", ":")).encode()
        for endpoint in (*workspace.endpoints, *self._everywhere):
            if endpoint.events is not None and kind not in endpoint.events:
                continue
            stamp = mail.timestamp()
            headers = {
                "content-type": "application/json",
                "x-extend-api-version": self._emulator.version,
                "x-extend-request-timestamp": stamp,
                "x-extend-request-signature": mail.sign(endpoint.secret, stamp, raw),
            }
            for hook in mail.headers:
                hook(headers)
            for _ in range(mail.copies):
                self._sent += 1
                self._postman.send(
                    Letter(mail.method, endpoint.url, headers, raw),
                    delay_s=mail.delay_s(self._sent),
                    delivered=lambda: mail.acknowledged.add(record.id),
                )

    def _call(self, now: int) -> Call:
        """Nobody has asked: what an event shows is shown as if at that time somebody had."""
        return Call(
            operation=OPERATION,
            now=now,
            request_id=self._emulator.new_request_id(),
            target="",
            headers=Headers({}),
            query=QueryParams(),
            path={},
            body=b"",
        )
