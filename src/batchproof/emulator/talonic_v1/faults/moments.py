"""Defects of a batch and its items over time: their moments, counts and ids (Batch Detail)."""

import uuid
from collections.abc import Callable

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import (
    ACCUMULATING,
    CANCELLED,
    COMPLETED,
    FAILED,
    PROCESSING,
    SUBMITTED,
    Batch,
    Item,
)

from .items import MANY

fault = registry.fault

_SECOND = 1_000
_DAY = 24 * 60 * 60 * _SECOND


@fault("completed-when-ready", breaks="batch.completed_at.open")
def completed_when_ready(behaviour: Behaviour) -> None:
    """completed_at: when the batch completed; here it is there while the batch is submitted, once the provider is ready."""

    def change(body: JsonObject, batch: Batch, call: Call) -> None:
        if body["status"] == CANCELLED or call.now < batch.ready:
            return
        body["completed_at"] = behaviour.timestamp(batch.ready)
        if body["status"] == SUBMITTED:
            body["updated_at"] = body["completed_at"]

    behaviour.on_object("batch", change)


@fault("completed-before-submitted", breaks="batch.completed_at.order")
def completed_before_submitted(behaviour: Behaviour) -> None:
    """completed_at: after submitted_at; here, in a batch that failed, it lies a second before."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == FAILED:
            body["completed_at"] = behaviour.timestamp(batch.submitted - _SECOND)

    behaviour.on_object("batch", change)


@fault("submitted-before-created", breaks="batch.submitted_at.order")
def submitted_before_created(behaviour: Behaviour) -> None:
    """submitted_at: after created_at; here, in a batch that went to bedrock, it lies a second before."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["submitted_at"] is not None and body["provider"] == "bedrock":
            body["submitted_at"] = behaviour.timestamp(batch.created - _SECOND)

    behaviour.on_object("batch", change)


@fault("submission-forgotten", breaks="batch.submitted_at.completed")
def submission_forgotten(behaviour: Behaviour) -> None:
    """submitted_at: when the batch was sent to the provider; here it is null a day after the batch has completed."""

    def change(body: JsonObject, batch: Batch, call: Call) -> None:
        if body["status"] == COMPLETED and call.now >= batch.ended + _DAY:
            body["submitted_at"] = None

    behaviour.on_object("batch", change)


@fault("waiting-item-expires", breaks="batch.counts.accumulating")
def waiting_item_expires(behaviour: Behaviour) -> None:
    """Sync Batch: items have outcomes when the provider has; here one counts as expired after ten seconds of accumulating."""

    def change(body: JsonObject, batch: Batch, call: Call) -> None:
        if body["status"] == ACCUMULATING and call.now >= batch.created + 10 * _SECOND:
            body["expired_count"] = 1

    behaviour.on_object("batch", change)


@fault("item-count-falls", breaks="batch.item_count.grows")
def item_count_falls(behaviour: Behaviour) -> None:
    """Monitoring Batches: a batch accumulates items; here the first look at one that does shows one too many."""
    met: set[str] = set()

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == ACCUMULATING and batch.id not in met:
            body["item_count"] += 1
            met.add(batch.id)

    behaviour.on_object("batch", change)


@fault("item-anew-at-each-look", breaks="batch.items.constant")
def item_anew_at_each_look(behaviour: Behaviour) -> None:
    """items: those of the batch; here the first item of a completed batch has another id at each look."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.index == 0 and item.batch.status(call.now) == COMPLETED:
            body["id"] = str(uuid.uuid5(uuid.UUID(item.id), call.request_id))

    behaviour.on_object("batch_item", change)


@fault("cancellation-dated-back", breaks="cancel_batch.updated_at")
def cancellation_dated_back(behaviour: Behaviour) -> None:
    """Cancel Batch, updated_at: the moment of the cancellation; here it lies a second before the submission."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["submitted_at"] is not None:
            body["updated_at"] = behaviour.timestamp(batch.submitted - _SECOND)

    tricks.in_operation(behaviour, "cancel_batch", "batch", change)


@fault("item-created-at-drifts", breaks="batch_item.document.constant")
def item_created_at_drifts(behaviour: Behaviour) -> None:
    """items[].created_at: when this item was created; here each look shows a slightly earlier time."""
    tricks.drift(behaviour, "batch_item", "created_at", by_ms=-1)


@fault("submitted-at-before-submission", breaks="batch.submitted_at.accumulating")
def submitted_at_before_submission(behaviour: Behaviour) -> None:
    """submitted_at: when the batch was sent to the provider; here one that still gathers has it with its seventh item."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == ACCUMULATING and len(batch.items) >= MANY:
            body["submitted_at"] = body["created_at"]

    behaviour.on_object("batch", change)


@fault("cancelled-shown-as-submitted", breaks="cancel_batch.submitted_at.unsubmitted")
def cancelled_shown_as_submitted(behaviour: Behaviour) -> None:
    """Cancel Batch, submitted_at: null for a batch that was never submitted; here it lies a second before the creation."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED and body["submitted_at"] is None:
            body["submitted_at"] = behaviour.timestamp(batch.created - _SECOND)

    behaviour.on_object("batch", change)


@fault("detail-forgets-cancellation-time", breaks="batch.updated_at.monotone")
def detail_forgets_cancellation_time(behaviour: Behaviour) -> None:
    """updated_at: the last update; here Batch Detail shows what went before the cancellation, which other answers show."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED:
            body["updated_at"] = body["submitted_at"] or body["created_at"]

    tricks.in_operation(behaviour, "get_batch", "batch", change)


@fault("detail-of-failed-counts-less", breaks="batch.counts.monotone")
def detail_of_failed_counts_less(behaviour: Behaviour) -> None:
    """errored_count: the items that failed; here Batch Detail shows one less of a failed batch than other answers."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == FAILED:
            body["errored_count"] -= 1

    tricks.in_operation(behaviour, "get_batch", "batch", change)


@fault("detail-of-completed-counts-otherwise", breaks="batch.views.counts")
def detail_of_completed_counts_otherwise(behaviour: Behaviour) -> None:
    """expired_count: the items that expired; here Batch Detail counts those of a completed batch as errors."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["errored_count"] += body["expired_count"]
            body["expired_count"] = 0

    tricks.in_operation(behaviour, "get_batch", "batch", change)


def _at_first_look_at_failed(behaviour: Behaviour, do: Callable[[JsonObject, Batch], object]) -> None:
    seen: set[str] = set()

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == FAILED and batch.id not in seen:
            seen.add(batch.id)
            do(body, batch)

    tricks.in_operation(behaviour, "get_batch", "batch", change)


@fault("first-look-shows-other-submission", breaks="batch.submitted_at.constant")
def first_look_shows_other_submission(behaviour: Behaviour) -> None:
    """submitted_at: when the batch was sent to the provider; here the first look at a failed one is a millisecond off."""

    def change(body: JsonObject, batch: Batch) -> None:
        body["submitted_at"] = behaviour.timestamp(batch.submitted - 1)

    _at_first_look_at_failed(behaviour, change)


@fault("first-look-shows-other-end", breaks="batch.completed_at.constant")
def first_look_shows_other_end(behaviour: Behaviour) -> None:
    """completed_at: when the batch completed; here the first look at a failed one is a millisecond off."""

    def change(body: JsonObject, batch: Batch) -> None:
        body["completed_at"] = behaviour.timestamp(batch.ended - 1)

    _at_first_look_at_failed(behaviour, change)


@fault("completed-item-fails-later", breaks="batch_item.status.terminal")
def completed_item_fails_later(behaviour: Behaviour) -> None:
    """items[].status: completed is the end; here the first item of a failed batch has completed at the first look only."""

    def change(body: JsonObject, _batch: Batch) -> None:
        body["items"][0].update(status=COMPLETED, error_message=None)

    _at_first_look_at_failed(behaviour, change)


@fault("failed-item-processed-again", breaks="batch_item.status.order")
def failed_item_processed_again(behaviour: Behaviour) -> None:
    """items[].status: processing before failed; here one of a failed batch is processing from the second look on."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.index == 0 and item.batch.status(call.now) == FAILED:
            body.update(status=PROCESSING, processed_at=None, error_message=None)

    tricks.from_look(behaviour, "batch_item", {FAILED}, 2, change)
