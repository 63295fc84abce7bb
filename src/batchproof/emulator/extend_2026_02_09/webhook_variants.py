"""Unusual but legal deliveries: no conformance test may fail on any of them."""

from batchproof.emulator.exchange import Call, JsonObject

from .mail import Behaviour
from .plants import registry
from .store import Batch, Run

variant = registry.variant


@variant("webhook-by-url")
def by_url(behaviour: Behaviour) -> None:
    """SDK, SignedDataUrlPayload: a large payload is replaced by an address from which it can be had; here every one is."""

    def refer(body: JsonObject, record: Batch | Run, _call: Call) -> None:
        address = f"https://payloads.example.com/{record.id}.json"
        body["payload"] = {"object": "signed_data_url", "data": address, "id": record.id}

    behaviour.on_object("webhook_event", refer)


@variant("webhook-runs-of-batches")
def runs_of_batches(behaviour: Behaviour) -> None:
    """Whether the runs of a batch send events of their own is not documented; here they do."""
    behaviour.mail.runs_of_batches = True


@variant("webhook-processor-type")
def processor_type(behaviour: Behaviour) -> None:
    """Batch Processing, Webhooks: processorType tells the type of batch; the examples and the SDK have no such field."""

    def say(body: JsonObject, record: Batch | Run, _call: Call) -> None:
        if isinstance(record, Batch):
            body["payload"]["processorType"] = "EXTRACT"

    behaviour.on_object("webhook_event", say)
