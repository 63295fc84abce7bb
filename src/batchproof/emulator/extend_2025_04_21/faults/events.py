"""Events: what they are called, and when they come."""

from batchproof.emulator.exchange import JsonObject
from batchproof.emulator.extend_2025_04_21.behaviour import Behaviour
from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.extend_common import deliveries
from batchproof.emulator.extend_common.life import PROCESSING

fault = registry.fault

registry.take(deliveries.registry)

# What only a run that has ended shows.
_RESULTS = ("initialOutput", "reviewedOutput", "usage", "failureReason", "failureMessage")


@fault(
    "webhook-run-type-of-failure",
    breaks="webhook.processor_run.processed",
    collateral={"It speaks of the same value.": ["webhook.processor_run.status"]},
)
def run_type_of_failure(behaviour: Behaviour) -> None:
    """Webhooks, Events: a run that has been processed sends processor_run.processed; here processor_run.failed."""
    behaviour.event_type = lambda _ended: "processor_run.failed"


@fault(
    "webhook-run-type-of-success",
    breaks="webhook.processor_run.failed",
    collateral={"It speaks of the same value.": ["webhook.processor_run.status"]},
)
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
