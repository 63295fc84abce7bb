"""Planted defects of this version's events. Each breaks the one documented statement that it names, and no other."""

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_common import deliveries
from batchproof.emulator.extend_common.life import PROCESSING

from .behaviour import Behaviour
from .plants import registry

fault = registry.fault
registry.take(deliveries.registry)

# What only a run that has ended shows.
_RESULTS = ("initialOutput", "reviewedOutput", "usage", "failureReason", "failureMessage")


@fault("webhook-payload-partial", breaks="processor_run.files")
def payload_partial(behaviour: Behaviour) -> None:
    """OpenAPI description, WebhookEventProcessorRun: the payload is the processor run; here it lacks the files."""
    behaviour.on_object("webhook_event", lambda body, *_: body["payload"].pop("files"))


@fault("webhook-payload-of-another-version", breaks="webhook.processor_run.payload")
def payload_of_another_version(behaviour: Behaviour) -> None:
    """OpenAPI description, WebhookEventProcessorRun: the payload is the run; here it names another version."""

    def rename(payload: JsonObject) -> None:
        payload["processorVersionId"] += "x"

    behaviour.on_object("webhook_event", lambda body, *_: rename(body["payload"]))


@fault("webhook-run-type-of-failure", breaks="webhook.processor_run.processed")
def run_type_of_failure(behaviour: Behaviour) -> None:
    """Webhooks, Events: a run that has been processed sends processor_run.processed; here processor_run.failed."""
    behaviour.event_type = lambda _ended: "processor_run.failed"


@fault("webhook-run-type-of-success", breaks="webhook.processor_run.failed")
def run_type_of_success(behaviour: Behaviour) -> None:
    """Webhooks, Events: a run that has failed sends processor_run.failed; here processor_run.processed."""
    behaviour.event_type = lambda _ended: "processor_run.processed"


@fault("webhook-run-status-other", breaks="webhook.processor_run.status")
def run_status_other(behaviour: Behaviour) -> None:
    """Webhooks, Events: the event tells of a run that has ended; here its payload shows the run as it was before."""

    def rewind(payload: JsonObject) -> None:
        for key in _RESULTS:
            payload.pop(key, None)
        payload.update(status=PROCESSING, output={})

    behaviour.on_object("webhook_event", lambda body, *_: rewind(body["payload"]))


@fault("webhook-run-premature", breaks="webhook.processor_run.settled")
def run_premature(behaviour: Behaviour) -> None:
    """Webhooks, Events: the event comes when the run has ended; here reads still show it at work."""
    at_work: JsonObject = {**dict.fromkeys(_RESULTS), "output": {}, "status": PROCESSING}
    deliveries.premature(behaviour, "processor_run", "get_processor_run", **at_work)


@fault("webhook-lost", breaks="webhook.processor_run.processed")
def lost(behaviour: Behaviour) -> None:
    """Webhooks, Events: a run that has been processed sends an event; here nothing sends any."""
    behaviour.mail.sends = False
