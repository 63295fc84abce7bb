"""The items of batches."""

import uuid

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import ACCUMULATING, COMPLETED, EXPIRED, PROCESSING, Batch, Item

fault = registry.fault

# Smaller batches leave off accumulating while the suite looks, and then other rows would fail, too.
_MANY = 7


@fault("item-id-not-a-uuid", breaks="batch_item.id.uuid")
def item_id_not_a_uuid(behaviour: Behaviour) -> None:
    """items[].id: a UUID; here it is a word and two numbers."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        body["id"] = f"item-{item.batch.number}-{item.index}"

    behaviour.on_object("batch_item", change)


@fault("item-done-while-batch-gathers", breaks="batch.items.accumulating")
def item_done_while_batch_gathers(behaviour: Behaviour) -> None:
    """Get Batch: a batch gathers items before they are processed; here one has completed once there are seven."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        waits = item.batch.status(call.now) == ACCUMULATING
        if waits and item.index == 0 and len(item.batch.items) >= _MANY:
            body.update(status=COMPLETED, processed_at=body["created_at"])

    behaviour.on_object("batch_item", change)


@fault("errors-counted-as-expired", breaks="batch.items.errored")
def errors_counted_as_expired(behaviour: Behaviour) -> None:
    """errored_count: the items that failed; here they count as expired, and those that did expire are processing."""

    def recount(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["expired_count"] += body["errored_count"]
            body["errored_count"] = 0

    def revive(body: JsonObject, item: Item, call: Call) -> None:
        if item.status(call.now) == EXPIRED:
            body.update(status=PROCESSING, processed_at=None, error_message=None)

    behaviour.on_object("batch", recount)
    behaviour.on_object("batch_item", revive)


@fault(
    "item-anew-at-each-look",
    breaks="batch.items.constant",
    collateral={"It speaks of the same value.": ["batch_item.id.own"]},
)
def item_anew_at_each_look(behaviour: Behaviour) -> None:
    """items: those of the batch; here the first item of a completed batch has another id at each look."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.index == 0 and item.batch.status(call.now) == COMPLETED:
            body["id"] = str(uuid.uuid5(uuid.UUID(item.id), call.request_id))

    behaviour.on_object("batch_item", change)
