"""Planted defects of deliveries. Each breaks the one documented statement that it names, and no other."""

import json
from collections import Counter
from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common.life import PROCESSING, TERMINAL

from . import objects
from .mail import Behaviour, documented_type, signature
from .plants import registry
from .store import Batch, Run

fault = registry.fault
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


@fault("webhook-timestamp-in-milliseconds", breaks="webhook.timestamp")
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
    behaviour.mail.headers.append(lambda headers: headers.update({"x-extend-api-version": "2025-04-21"}))


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


@fault("webhook-payload-partial", breaks="batch_run.run_count.type")
def payload_partial(behaviour: Behaviour) -> None:
    """SDK, events of batches: the payload is the batch run; here it lacks the runCount."""
    _of_batches(behaviour, lambda payload: payload.pop("runCount"))


@fault("webhook-batch-id-other", breaks="webhook.batch.id")
def batch_id_other(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: the payload includes the id of the batch; here it is an id that names nothing."""
    _of_batches(behaviour, lambda payload: payload.update(id=behaviour.new_id("bpr")))


@fault("webhook-batch-with-results", breaks="webhook.batch.no_results")
def batch_with_results(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: the payload holds no results of runs; here it has an empty list of them."""
    _of_batches(behaviour, lambda payload: payload.update(results=[]))


@fault("webhook-batch-status-other", breaks="webhook.batch.status")
def batch_status_other(behaviour: Behaviour) -> None:
    """SDK, events of batches: the payload is the batch that has ended; here it shows the batch as it was before."""
    _of_batches(behaviour, lambda payload: payload.update(status=PROCESSING))


@fault("webhook-batch-premature", breaks="webhook.batch.settled")
def batch_premature(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: the event comes when a batch has finished; here reads still show it at work."""
    _premature(behaviour, "batch_run", "get_batch_run", status=PROCESSING)


@fault("webhook-batch-type-of-failure", breaks="webhook.batch.processed")
def batch_type_of_failure(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: a finished batch sends batch_processor_run.processed; here .failed."""
    _types(
        behaviour, lambda family, batch, ended: (family, "failed" if batch and family != "parse" else ended)
    )


@fault("webhook-batch-type-of-success", breaks="webhook.batch.failed")
def batch_type_of_success(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: a failed batch sends batch_processor_run.failed; here .processed."""
    _types(
        behaviour,
        lambda family, batch, ended: (family, "processed" if batch and family != "parse" else ended),
    )


@fault("webhook-batch-type-of-parsing", breaks="webhook.batch.same_events")
def batch_type_of_parsing(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: all batch operations emit the same types; here classification has that of parsing."""
    _types(
        behaviour, lambda family, batch, ended: ("parse" if batch and family == "classify" else family, ended)
    )


@fault("webhook-parse-batch-type-of-others", breaks="webhook.batch.parse")
def parse_batch_type_of_others(behaviour: Behaviour) -> None:
    """SDK, Create parse batch: it sends batch_parse_run.processed or .failed; here batch_processor_run."""
    _types(behaviour, lambda family, batch, ended: ("extract" if batch else family, ended))


@fault("webhook-run-type-of-failure", breaks="webhook.run.processed")
def run_type_of_failure(behaviour: Behaviour) -> None:
    """SDK, events of runs: a processed run sends the event .processed; here .failed."""
    _types(behaviour, lambda family, batch, ended: (family, ended if batch else "failed"))


@fault("webhook-run-type-of-success", breaks="webhook.run.failed")
def run_type_of_success(behaviour: Behaviour) -> None:
    """SDK, events of runs: a failed run sends the event .failed; here .processed."""
    _types(behaviour, lambda family, batch, ended: (family, ended if batch else "processed"))


@fault("webhook-run-status-other", breaks="webhook.run.status")
def run_status_other(behaviour: Behaviour) -> None:
    """SDK, events of parse runs: the payload shows the status of the run that has ended; here PROCESSING."""
    behaviour.on_object("parse_run_status", lambda body, *_: body.update(status=PROCESSING))


@fault("webhook-run-premature", breaks="webhook.run.settled")
def run_premature(behaviour: Behaviour) -> None:
    """SDK, events of runs: the event comes when the run has ended; here reads of parse runs still show it at work."""
    at_work = dict.fromkeys(("output", "outputUrl", "metrics", "usage", "failureReason", "failureMessage"))
    _premature(behaviour, "parse_run", "get_parse_run", **at_work, status=PROCESSING)


@fault("webhook-parse-payload-whole", breaks="webhook.parse_run.payload")
def parse_payload_whole(behaviour: Behaviour) -> None:
    """SDK, ParseRunStatus: events of parse runs show the status only, as an object of its own; here the whole run."""

    def whole(body: JsonObject, record: Batch | Run, call: Call) -> None:
        if isinstance(record, Run) and record.family.processor is None:
            body["payload"] = objects.run(behaviour, record, call)

    behaviour.on_object("webhook_event", whole)


@fault("webhook-lost", breaks="webhook.batch.processed")
def lost(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: a batch that has finished sends an event; here nothing sends any."""
    behaviour.mail.sends = False


def _of_batches(behaviour: Behaviour, change: Any) -> None:
    """The payloads of batch events are changed."""

    def hook(body: JsonObject, record: Batch | Run, _call: Call) -> None:
        if isinstance(record, Batch):
            change(body["payload"])

    behaviour.on_object("webhook_event", hook)


def _types(behaviour: Behaviour, chosen: Any) -> None:
    """Events have the type of another family, or of another end."""

    def event_type(family: str, batch: bool, ended: str) -> str:
        family, ended = chosen(family, batch, ended)
        return documented_type(family, batch=batch, ended=ended)

    behaviour.mail.event_type = event_type


def _premature(behaviour: Behaviour, kind: str, operation: str, **at_work: Any) -> None:
    """What has ended is shown at work until two reads after its event was accepted: one of them began after that."""
    looks: Counter[str] = Counter()
    mail = behaviour.mail

    def hook(body: JsonObject, record: Batch | Run, call: Call) -> None:
        if call.operation != operation or record.id not in mail.watched or body["status"] not in TERMINAL:
            return
        looks[record.id] += record.id in mail.acknowledged
        if looks[record.id] <= 2:
            body.update(at_work)

    behaviour.on_object(kind, hook)
