"""Defects of a batch and its items over time: their moments, counts and ids (Batch Detail)."""

import uuid

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import (
    ACCUMULATING,
    CANCELLED,
    COMPLETED,
    FAILED,
    SUBMITTED,
    Batch,
    Item,
)

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


@fault("item-created-at-drifts", breaks="batch_item.document.constant")
def item_created_at_drifts(behaviour: Behaviour) -> None:
    """items[].created_at: when this item was created; here each look shows a slightly earlier time."""
    tricks.drift(behaviour, "batch_item", "created_at", by_ms=-1)
