"""Defects of the batch object and its items (Batch Detail)."""

import uuid

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import (
    CANCELLED,
    COMPLETED,
    FAILED,
    SUBMITTED,
    TERMINAL,
    Batch,
    Item,
)

fault = registry.fault

_LONG = 24 * 60 * 60 * 1000


@fault("status-upper-case", breaks="batch.status.enum")
def status_upper_case(behaviour: Behaviour) -> None:
    """status: five values in lower case; here they come in upper case."""
    behaviour.on_object("batch", lambda body, *_: body.update(status=body["status"].upper()))


@fault("provider-unknown", breaks="batch.provider.enum")
def provider_unknown(behaviour: Behaviour) -> None:
    """provider: anthropic or bedrock; here it is neither."""
    tricks.put(behaviour, "batch", provider="abacus")


@fault("count-as-text", breaks="batch.item_count")
def count_as_text(behaviour: Behaviour) -> None:
    """item_count: an integer; here it is a string."""
    behaviour.on_object("batch", lambda body, *_: body.update(item_count=str(body["item_count"])))


@fault("created-at-epoch", breaks="batch.created_at")
def created_at_epoch(behaviour: Behaviour) -> None:
    """created_at: an ISO 8601 timestamp; here it is a number of milliseconds."""
    behaviour.on_object("batch", lambda body, batch, _call: body.update(created_at=batch.created))


@fault("self-link-to-nowhere", breaks="batch.links.self.path")
def self_link_to_nowhere(behaviour: Behaviour) -> None:
    """links.self: the URL to this batch; here it names another id."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        body["links"]["self"] = f"/v1/batches/{uuid.uuid5(uuid.UUID(batch.id), 'other')}"

    behaviour.on_object("batch", change)


@fault("submitted-at-missing", breaks="batch.submitted_at.submitted")
def submitted_at_missing(behaviour: Behaviour) -> None:
    """submitted_at: when the batch was sent to the provider; here it is null while the batch is submitted."""
    tricks.put_where(behaviour, "batch", SUBMITTED, submitted_at=None)


@fault("completed-at-missing", breaks="batch.completed_at.completed")
def completed_at_missing(behaviour: Behaviour) -> None:
    """completed_at: when the batch completed; here it is null in a completed batch."""
    tricks.put_where(behaviour, "batch", COMPLETED, completed_at=None)


@fault("completed-at-of-cancelled", breaks="batch.completed_at.cancelled")
def completed_at_of_cancelled(behaviour: Behaviour) -> None:
    """Cancel Batch, completed_at: null for cancelled batches; here it is the moment of the cancellation."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED:
            body["completed_at"] = body["updated_at"]

    behaviour.on_object("batch", change)


@fault("failure-without-message", breaks="batch.error_message.failed")
def failure_without_message(behaviour: Behaviour) -> None:
    """error_message: the provider's error if the batch failed; here it is null."""
    tricks.put_where(behaviour, "batch", FAILED, error_message=None)


@fault("counts-exceed-items", breaks="batch.counts.within")
def counts_exceed_items(behaviour: Behaviour) -> None:
    """item_count: the total number of items; here a completed batch has one more that succeeded than it has items."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["succeeded_count"] = body["item_count"] + 1

    behaviour.on_object("batch", change)


@fault("counts-do-not-add-up", breaks="batch.counts.complete")
def counts_do_not_add_up(behaviour: Behaviour) -> None:
    """succeeded_count: the items that completed successfully; here one of a completed batch is forgotten."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["succeeded_count"] -= 1

    behaviour.on_object("batch", change)


@fault("sync-forgets-counts", breaks="sync_batch.completed.counts")
def sync_forgets_counts(behaviour: Behaviour) -> None:
    """Sync Batch: the counts of a completed batch are there; here each of them is 0 in the answer of a sync."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body.update(succeeded_count=0, errored_count=0, expired_count=0)

    behaviour.on_object("batch", change, ["sync_batch"])


@fault("count-negative", breaks="batch.counts.negative")
def count_negative(behaviour: Behaviour) -> None:
    """expired_count: a number of items; here it is -1 in a cancelled batch."""
    tricks.put_where(behaviour, "batch", CANCELLED, expired_count=-1)


@fault("created-at-drifts", breaks="batch.created_at.constant")
def created_at_drifts(behaviour: Behaviour) -> None:
    """created_at: the time of creation; here each look shows a slightly earlier time."""
    tricks.drift(behaviour, "batch", "created_at", by_ms=-1)


@fault("item-count-shrinks", breaks="batch.item_count.fixed")
def item_count_shrinks(behaviour: Behaviour) -> None:
    """item_count: the total number of items; here it is one less after a submitted batch has been cancelled."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED and body["submitted_at"] is not None:
            body["item_count"] -= 1

    behaviour.on_object("batch", change)


@fault("updated-before-created", breaks="batch.updated_at.order")
def updated_before_created(behaviour: Behaviour) -> None:
    """updated_at: the last update; here it lies one second before the creation."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        body["updated_at"] = behaviour.timestamp(batch.created - 1000)

    behaviour.on_object("batch", change)


@fault("terminal-reopens", breaks="batch.status.terminal")
def terminal_reopens(behaviour: Behaviour) -> None:
    """Get Batch: polling ends with a final status; here an ended batch is under way again from the third look on."""

    def reopen(_body: JsonObject, batch: Batch, call: Call) -> None:
        if batch.submitted_at(call.now) is None:
            batch.submitted = call.now + _LONG
        batch.ready = batch.polled = call.now + _LONG
        batch.synced = batch.cancelled = None
        batch.touched.append(call.now)

    tricks.from_look(behaviour, "batch", TERMINAL, 2, reopen)


@fault("submission-undone", breaks="batch.status.order")
def submission_undone(behaviour: Behaviour) -> None:
    """Monitoring Batches: first accumulating, then submitted; here, from the third look on, accumulating again."""

    def undo(_body: JsonObject, batch: Batch, call: Call) -> None:
        batch.submitted = batch.ready = batch.polled = call.now + _LONG
        batch.touched.append(call.now)

    tricks.from_look(behaviour, "batch", {SUBMITTED}, 2, undo)


@fault("items-missing", breaks="batch.items.completed")
def items_missing(behaviour: Behaviour) -> None:
    """items: the breakdown of a completed batch; here it is missing."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body.pop("items", None)

    behaviour.on_object("batch", change)


@fault("items-repeat", breaks="batch.items.ids")
def items_repeat(behaviour: Behaviour) -> None:
    """items[].id: the item's UUID; here the last item is the first one again."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body.get("items"):
            body["items"][-1] = body["items"][0]

    behaviour.on_object("batch", change)


@fault("item-id-not-a-uuid", breaks="batch_item.id.uuid")
def item_id_not_a_uuid(behaviour: Behaviour) -> None:
    """items[].id: a UUID; here it is a word and two numbers."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        body["id"] = f"item-{item.batch.number}-{item.index}"

    behaviour.on_object("batch_item", change)


@fault("document-id-not-a-uuid", breaks="batch_item.document_id.uuid")
def document_id_not_a_uuid(behaviour: Behaviour) -> None:
    """items[].document_id: a UUID; here it has a prefix."""
    behaviour.on_object("batch_item", lambda body, *_: body.update(document_id=f"doc_{body['document_id']}"))


@fault("item-status-unknown", breaks="batch_item.status.enum")
def item_status_unknown(behaviour: Behaviour) -> None:
    """items[].status: pending, processing, completed or failed; here a completed item is `succeeded`."""
    tricks.put_where(behaviour, "batch_item", COMPLETED, status="succeeded")


@fault("item-failure-without-message", breaks="batch_item.error_message.failed")
def item_failure_without_message(behaviour: Behaviour) -> None:
    """items[].error_message: the error if this item failed; here it is null."""
    tricks.put_where(behaviour, "batch_item", FAILED, error_message=None)


@fault("item-without-processed-at", breaks="batch_item.processed_at.completed")
def item_without_processed_at(behaviour: Behaviour) -> None:
    """items[].processed_at: when this item was processed; here it is null in a completed item."""
    tricks.put_where(behaviour, "batch_item", COMPLETED, processed_at=None)


@fault("failed-item-without-processed-at", breaks="batch.items.outcome")
def failed_item_without_processed_at(behaviour: Behaviour) -> None:
    """Get Batch: once a batch is completed each item shows its outcome and time; here a failed one shows no time."""
    tricks.put_where(behaviour, "batch_item", FAILED, processed_at=None)


@fault("item-processed-too-early", breaks="batch_item.processed_at.order")
def item_processed_too_early(behaviour: Behaviour) -> None:
    """items[].processed_at: when this item was processed; here it lies a second before the item's creation."""

    def change(body: JsonObject, item: Item, _call: Call) -> None:
        if body["processed_at"] is not None:
            body["processed_at"] = behaviour.timestamp(item.created - 1000)

    behaviour.on_object("batch_item", change)


@fault("document-dangles", breaks="batch_item.document")
def document_dangles(behaviour: Behaviour) -> None:
    """items[].document_id: the associated document; here no document has that id."""
    behaviour.on_object("batch_item", lambda body, *_: body.update(document_id=body["id"]))


@fault("filename-differs", breaks="batch_item.document.filename")
def filename_differs(behaviour: Behaviour) -> None:
    """items[].document_filename: the name of the associated document; here it is another one."""
    tricks.put(behaviour, "batch_item", document_filename="untitled.pdf")
