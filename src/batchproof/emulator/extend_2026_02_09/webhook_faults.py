"""Planted defects of this version's events. Each breaks the one documented statement that it names, and no other."""

from typing import Any

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import deliveries
from batchproof.emulator.extend_common.life import PROCESSING

from . import objects
from .mail import Behaviour, documented_type
from .plants import registry
from .store import Batch, Run

fault = registry.fault
registry.take(deliveries.registry)


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
    deliveries.premature(behaviour, "batch_run", "get_batch_run", status=PROCESSING)


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
    deliveries.premature(behaviour, "parse_run", "get_parse_run", **at_work, status=PROCESSING)


@fault("webhook-parse-payload-whole", breaks="webhook.parse_run.payload")
def parse_payload_whole(behaviour: Behaviour) -> None:
    """SDK, ParseRunStatus: events of parse runs show the status only, as an object of its own; here the whole run."""

    def whole(body: JsonObject, record: Batch | Run, call: Call) -> None:
        if isinstance(record, Run) and record.family.processor is None:
            body["payload"] = objects.run(behaviour, record, call)

    behaviour.on_object("webhook_event", whole)


@fault("webhook-run-payload-brief", breaks="webhook.run.payload")
def run_payload_brief(behaviour: Behaviour) -> None:
    """SDK, events of extract runs: the payload is the run; here it lacks the configuration."""
    _of_runs(behaviour, "extract", lambda payload: payload.pop("config"))


@fault("webhook-run-metadata-missing", breaks="webhook.run.metadata")
def run_metadata_missing(behaviour: Behaviour) -> None:
    """Run Metadata: returned in webhooks, too; here they are missing in the events of parse runs."""
    _of_runs(behaviour, "parse", lambda payload: payload.update(metadata=None))


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


def _of_runs(behaviour: Behaviour, family: str, change: Any) -> None:
    """The payloads of the events of a family of runs are changed."""

    def hook(body: JsonObject, record: Batch | Run, _call: Call) -> None:
        if isinstance(record, Run) and record.family.name == family:
            change(body["payload"])

    behaviour.on_object("webhook_event", hook)


def _types(behaviour: Behaviour, chosen: Any) -> None:
    """Events have the type of another family, or of another end."""

    def event_type(family: str, batch: bool, ended: str) -> str:
        family, ended = chosen(family, batch, ended)
        return documented_type(family, batch=batch, ended=ended)

    behaviour.mail.event_type = event_type
