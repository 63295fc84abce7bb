"""Unusual but legal deliveries: no conformance test may fail on any of them."""

from batchproof.emulator.exchange import Call, JsonObject

from .mail import Behaviour
from .plants import registry
from .store import Batch, Run

variant = registry.variant


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

    def tell(body: JsonObject, record: Batch | Run, _call: Call) -> None:
        if isinstance(record, Batch):
            body["payload"]["processorType"] = "EXTRACT"

    behaviour.on_object("webhook_event", tell)
