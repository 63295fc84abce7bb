"""Events: what they are called, what they hold, and when they come."""

from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_2026_02_09 import objects
from batchproof.emulator.extend_2026_02_09.mail import Behaviour, documented_type
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_2026_02_09.store import Batch, Run
from batchproof.emulator.extend_common import deliveries
from batchproof.emulator.extend_common.life import PROCESSING

fault = registry.fault

registry.take(deliveries.registry)


@fault("webhook-batch-id-other", breaks="webhook.batch.id")
def batch_id_other(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: the payload includes the id of the batch; here it is an id that names nothing."""
    _of_batches(behaviour, lambda payload: payload.update(id=behaviour.new_id("bpr")))


@fault("webhook-batch-premature", breaks="webhook.batch.settled")
def batch_premature(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: the event comes when a batch has finished; here reads still show it at work."""
    deliveries.premature(behaviour, "batch_run", "get_batch_run", status=PROCESSING)


@fault(
    "webhook-batch-type-of-failure",
    breaks="webhook.batch.processed",
    collateral={"It speaks of the same value.": ["webhook.batch.status"]},
)
def batch_type_of_failure(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: a finished batch sends batch_processor_run.processed; here .failed."""
    _types(
        behaviour, lambda family, batch, ended: (family, "failed" if batch and family != "parse" else ended)
    )


@fault(
    "webhook-batch-type-of-success",
    breaks="webhook.batch.failed",
    collateral={"It speaks of the same value.": ["webhook.batch.status"]},
)
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


@fault(
    "webhook-run-type-of-failure",
    breaks="webhook.run.processed",
    collateral={"It speaks of the same value.": ["webhook.run.status"]},
)
def run_type_of_failure(behaviour: Behaviour) -> None:
    """SDK, events of runs: a processed run sends the event .processed; here .failed."""
    _types(behaviour, lambda family, batch, ended: (family, ended if batch else "failed"))


@fault(
    "webhook-run-type-of-success",
    breaks="webhook.run.failed",
    collateral={"It speaks of the same value.": ["webhook.run.status"]},
)
def run_type_of_success(behaviour: Behaviour) -> None:
    """SDK, events of runs: a failed run sends the event .failed; here .processed."""
    _types(behaviour, lambda family, batch, ended: (family, ended if batch else "processed"))


@fault("webhook-run-premature", breaks="webhook.run.settled")
def run_premature(behaviour: Behaviour) -> None:
    """SDK, events of runs: the event comes when the run has ended; here reads of parse runs still show it at work."""
    at_work = dict.fromkeys(("output", "outputUrl", "metrics", "usage", "failureReason", "failureMessage"))
    deliveries.premature(behaviour, "parse_run", "get_parse_run", **at_work, status=PROCESSING)


@fault("webhook-parse-payload-whole", breaks="webhook.parse_run.payload")
def parse_payload_whole(behaviour: Behaviour) -> None:
    """SDK, ParseRunStatus: events of parse runs show the status only, as an object of its own; here the whole run."""

    def whole(body: JsonObject, record: Batch | Run, call: Call) -> None:
        if isinstance(record, Run) and record.family.processor is None:
            body["payload"] = objects.run(behaviour, record, call)

    behaviour.on_object("webhook_event", whole)


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
