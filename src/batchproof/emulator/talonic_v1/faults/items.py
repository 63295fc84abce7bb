"""Defects of the items that Batch Detail shows, beside what it says of the whole batch."""

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import (
    ACCUMULATING,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PROCESSING,
    Batch,
    Item,
)

fault = registry.fault

# Smaller batches leave off accumulating while the suite looks, and then other rows would fail, too.
MANY = 7
_MOST = 10


@fault("items-cut-at-ten", breaks="batch.items.count")
def items_cut_at_ten(behaviour: Behaviour) -> None:
    """items: the breakdown of the batch; here a completed batch shows no more than ten of them."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            del body["items"][_MOST:]

    tricks.in_operation(behaviour, "get_batch", "batch", change)


@fault("early-cancelled-counts-one-less", breaks="batch.items.most")
def early_cancelled_counts_one_less(behaviour: Behaviour) -> None:
    """item_count: the total number of items; here it is one less in a batch that was cancelled before its submission."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED and body["submitted_at"] is None:
            body["item_count"] -= 1

    behaviour.on_object("batch", change)


@fault("item-done-while-batch-gathers", breaks="batch.items.accumulating")
def item_done_while_batch_gathers(behaviour: Behaviour) -> None:
    """Get Batch: a batch gathers items before they are processed; here one has completed once there are seven."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        waits = item.batch.status(call.now) == ACCUMULATING
        if waits and item.index == 0 and len(item.batch.items) >= MANY:
            body.update(status=COMPLETED, processed_at=body["created_at"])

    behaviour.on_object("batch_item", change)


@fault("success-shown-as-processing", breaks="batch.items.succeeded")
def success_shown_as_processing(behaviour: Behaviour) -> None:
    """succeeded_count: the items that completed successfully; here one of them is processing if another has expired."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        ended = item.batch.status(call.now) == COMPLETED
        if ended and item.index == 0 and item.batch.counts(call.now)[EXPIRED]:
            body.update(status=PROCESSING, processed_at=None)

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


@fault("items-share-a-document", breaks="batch.items.documents")
def items_share_a_document(behaviour: Behaviour) -> None:
    """items[].document_id: the associated document; here the second item has that of the first."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        if item.index == 1:
            document = item.batch.items[0].document
            body.update(document_id=document.id, document_filename=document.filename)

    behaviour.on_object("batch_item", change)


@fault("item-processed-before-submission", breaks="batch.items.window")
def item_processed_before_submission(behaviour: Behaviour) -> None:
    """items[].processed_at: when this item was processed; here that of the first is when it was created."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.index == 0 and item.batch.status(call.now) == COMPLETED:
            body["processed_at"] = body["created_at"]

    behaviour.on_object("batch_item", change)


@fault("processing-item-with-processed-at", breaks="batch_item.processed_at.open")
def processing_item_with_processed_at(behaviour: Behaviour) -> None:
    """items[].processed_at: when this item was processed; here one that is being processed has it already."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        if item.index == 0 and body["status"] == PROCESSING:
            body["processed_at"] = body["created_at"]

    behaviour.on_object("batch_item", change)


@fault("completed-item-with-error", breaks="batch_item.error_message.otherwise")
def completed_item_with_error(behaviour: Behaviour) -> None:
    """items[].error_message: the error if this item failed; here one that completed has a remark there."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        if item.index == 0 and body["status"] == COMPLETED:
            body["error_message"] = "Completed with warnings."

    behaviour.on_object("batch_item", change)


@fault("completed-batch-with-error", breaks="batch.error_message.otherwise")
def completed_batch_with_error(behaviour: Behaviour) -> None:
    """error_message: the provider's error if the batch failed; here a completed one tells of items that failed."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["error_message"] = "Some items failed."

    tricks.in_operation(behaviour, "get_batch", "batch", change)
