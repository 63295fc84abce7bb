"""Defects and unusual but legal forms of deliveries that all versions share.

Each defect breaks the one documented statement that it names.
"""

import json
from collections import Counter
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.registry import Registry

from .life import TERMINAL
from .mail import Behaviour, signature

registry: Registry[Behaviour] = Registry()
fault = registry.fault
variant = registry.variant
_DAY_S = 24 * 60 * 60


@fault("webhook-secret-shared", breaks="webhook.signature")
def secret_shared(behaviour: Behaviour) -> None:
    """SDK, webhooks: the signing secret of the endpoint signs; here one secret signs for all endpoints."""
    behaviour.mail.sign = lambda _secret, stamp, raw: signature("wss_everybody", stamp, raw)


@fault("webhook-signs-other-bytes", breaks="webhook.signature")
def signs_other_bytes(behaviour: Behaviour) -> None:
    """SDK, webhooks: the raw body is signed; here it is read and written again before it is."""
    behaviour.mail.sign = lambda secret, stamp, raw: signature(
        secret, stamp, json.dumps(json.loads(raw)).encode()
    )


@fault("webhook-signs-other-timestamp", breaks="webhook.signature")
def signs_other_timestamp(behaviour: Behaviour) -> None:
    """SDK, webhooks: the timestamp of the header is signed; here the signature is made a second earlier."""
    behaviour.mail.sign = lambda secret, stamp, raw: signature(secret, str(int(stamp) - 1), raw)


@fault("webhook-signature-upper-case", breaks="webhook.signature")
def signature_upper_case(behaviour: Behaviour) -> None:
    """SDK, webhooks: the signature is compared with lower-case hex; here it is in upper case."""
    behaviour.mail.sign = lambda secret, stamp, raw: signature(secret, stamp, raw).upper()


@fault("webhook-signature-missing", breaks="webhook.signature")
def signature_missing(behaviour: Behaviour) -> None:
    """SDK, webhooks: every delivery has the header x-extend-request-signature; here it is missing."""
    behaviour.mail.headers.append(lambda headers: headers.pop("x-extend-request-signature"))


@fault(
    "webhook-timestamp-in-milliseconds",
    breaks="webhook.timestamp",
    collateral={"It speaks of the same value more closely.": ["webhook.timestamp.fresh"]},
)
def timestamp_in_milliseconds(behaviour: Behaviour) -> None:
    """SDK, webhooks: the timestamp is in Unix seconds; here it is in milliseconds."""
    seconds = behaviour.mail.timestamp
    behaviour.mail.timestamp = lambda: seconds() + "000"


@fault("webhook-timestamp-missing", breaks="webhook.timestamp")
def timestamp_missing(behaviour: Behaviour) -> None:
    """SDK, webhooks: every delivery has the header x-extend-request-timestamp; here it is missing."""
    behaviour.mail.headers.append(lambda headers: headers.pop("x-extend-request-timestamp"))


@fault("webhook-timestamp-old", breaks="webhook.timestamp.fresh")
def timestamp_old(behaviour: Behaviour) -> None:
    """SDK, webhooks: a delivery that is older than 300 s is refused; here the timestamp is a day old."""
    seconds = behaviour.mail.timestamp
    behaviour.mail.timestamp = lambda: str(int(seconds()) - _DAY_S)


@fault("webhook-version-missing", breaks="webhook.version")
def version_missing(behaviour: Behaviour) -> None:
    """API Versioning: every delivery has the header x-extend-api-version; here it is missing."""
    behaviour.mail.headers.append(lambda headers: headers.pop("x-extend-api-version"))


@fault("webhook-version-other", breaks="webhook.version")
def version_other(behaviour: Behaviour) -> None:
    """API Versioning: deliveries carry the version to which the endpoint is pinned; here they carry an older one."""
    behaviour.mail.headers.append(lambda headers: headers.update({"x-extend-api-version": "2024-12-23"}))


@fault("webhook-put", breaks="webhook.post")
def put(behaviour: Behaviour) -> None:
    """Webhooks: an event is sent as an HTTP POST; here as a PUT."""
    behaviour.mail.method = "PUT"


@fault("webhook-in-a-list", breaks="webhook.envelope")
def in_a_list(behaviour: Behaviour) -> None:
    """Webhooks, Events: the body is one event; here it is a list with one event."""
    behaviour.mail.wrap = lambda event: [event]


@fault("webhook-event-id-missing", breaks="webhook.event_id")
def event_id_missing(behaviour: Behaviour) -> None:
    """Webhooks, Events: an event has an eventId; here it is missing."""
    behaviour.on_object("webhook_event", lambda body, *_: body.pop("eventId"))


@fault("webhook-event-id-repeats", breaks="webhook.event_id.unique")
def event_id_repeats(behaviour: Behaviour) -> None:
    """SDK, WebhookEvent: the eventId is unique to the event; here all events have the same."""
    behaviour.on_object("webhook_event", lambda body, *_: body.update(eventId="evt_1"))


@fault("webhook-event-type-as-object", breaks="webhook.event_type")
def event_type_as_object(behaviour: Behaviour) -> None:
    """Webhooks, Events: the eventType is a string; here it is an object."""
    behaviour.on_object("webhook_event", lambda body, *_: body.update(eventType={"name": body["eventType"]}))


@fault("webhook-payload-missing", breaks="webhook.payload")
def payload_missing(behaviour: Behaviour) -> None:
    """Webhooks, Events: an event has a payload; here it is named data."""
    behaviour.on_object("webhook_event", lambda body, *_: body.update(data=body.pop("payload")))


@variant("webhook-unknown-event")
def unknown_event(behaviour: Behaviour) -> None:
    """API Versioning: new types of event are a compatible change; here each event is followed by one of a new type."""

    def announcement(event: JsonObject) -> JsonObject:
        new = {"eventId": behaviour.new_id("evt"), "eventType": "workspace.tidied"}
        return new | {"payload": {"object": "workspace", "after": event["eventId"]}}

    behaviour.mail.extras.append(announcement)


@variant("webhook-twice")
def twice(behaviour: Behaviour) -> None:
    """Webhooks, best practices: a delivery may come again, with the same eventId; here each comes twice."""
    behaviour.mail.copies = 2


@variant("webhook-out-of-order")
def out_of_order(behaviour: Behaviour) -> None:
    """Webhooks, best practices: a retry comes later than other events; here every other delivery takes 30 ms."""
    behaviour.mail.delay_s = lambda number: 0.03 * (number % 2)


@variant("webhook-by-url-alone")
def by_url_alone(behaviour: Behaviour) -> None:
    """Webhooks, Events, signed download URL: the payload is an address in data and has nothing else; here every one is."""

    def refer(body: JsonObject, record: Any, _call: Call) -> None:
        body["payload"] = {"data": f"https://payloads.example.com/{record.id}.json"}

    behaviour.on_object("webhook_event", refer)


@variant("stranger-posts-to-receiver")
def stranger_posts(behaviour: Behaviour) -> None:
    """Webhooks, verification: anybody may send to a public address, which is what signatures are for; here somebody does."""
    behaviour.mail.strays.append(b'{"hello": "is anybody there?"}')


def premature(behaviour: Behaviour, kind: str, operation: str, **at_work: Any) -> None:
    """What has ended is shown at work until two reads after its event was accepted: one of them began after that."""
    looks: Counter[str] = Counter()
    mail = behaviour.mail

    def hook(body: JsonObject, record: Any, call: Call) -> None:
        if call.operation != operation or record.id not in mail.watched or body["status"] not in TERMINAL:
            return
        looks[record.id] += record.id in mail.acknowledged
        if looks[record.id] <= 2:
            body.update(at_work)

    behaviour.on_object(kind, hook)
