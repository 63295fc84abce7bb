"""Batches: what they show over time, and what their operations do."""

import re
import uuid

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.talonic_v1 import objects
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import (
    ACCUMULATING,
    CANCELLED,
    COMPLETED,
    SUBMITTED,
    TERMINAL,
    Batch,
)

fault = registry.fault

_SECOND = 1_000
_DAY = 24 * 60 * 60 * _SECOND
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OTHER = {"anthropic": "bedrock", "bedrock": "anthropic"}


@fault("self-link-to-nowhere", breaks="batch.links.self.path")
def self_link_to_nowhere(behaviour: Behaviour) -> None:
    """links.self: the URL to this batch; here it names another id."""

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        body["links"]["self"] = f"/v1/batches/{uuid.uuid5(uuid.UUID(batch.id), 'other')}"

    behaviour.on_object("batch", change)


@fault(
    "counts-exceed-items",
    breaks="batch.counts.within",
    collateral={"It speaks of the same value.": ["batch.counts.complete", "batch.items.succeeded"]},
)
def counts_exceed_items(behaviour: Behaviour) -> None:
    """item_count: the total number of items; here a completed batch has one more that succeeded than it has items."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["succeeded_count"] = body["item_count"] + 1

    behaviour.on_object("batch", change)


@fault(
    "terminal-reopens",
    breaks="batch.status.terminal",
    collateral={
        "The wrong value differs from the other looks at the same object.": ["batch.completed_at.constant"],
        "The other time no longer fits to this one.": ["batch.counts.monotone"],
        "The wrong status contradicts the other looks at the same object.": [
            "batch_item.status.order",
            "batch_item.status.terminal",
            "cancel_batch.ended",
        ],
    },
)
def terminal_reopens(behaviour: Behaviour) -> None:
    """Get Batch: polling ends with a final status; here an ended batch is under way again from the third look on."""

    def reopen(_body: JsonObject, batch: Batch, call: Call) -> None:
        if batch.submitted_at(call.now) is None:
            batch.submitted = call.now + _DAY
        batch.ready = batch.polled = call.now + _DAY
        batch.synced = batch.cancelled = None
        batch.touched.append(call.now)

    tricks.from_look(behaviour, "batch", TERMINAL, 2, reopen)


@fault(
    "submission-undone",
    breaks="batch.status.order",
    collateral={
        "The wrong value differs from the other looks at the same object.": ["batch.submitted_at.constant"]
    },
)
def submission_undone(behaviour: Behaviour) -> None:
    """Monitoring Batches: first accumulating, then submitted; here, from the third look on, accumulating again."""

    def undo(_body: JsonObject, batch: Batch, call: Call) -> None:
        batch.submitted = batch.ready = batch.polled = call.now + _DAY
        batch.touched.append(call.now)

    tricks.from_look(behaviour, "batch", {SUBMITTED}, 2, undo)


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


@fault(
    "detail-of-completed-counts-otherwise",
    breaks="batch.views.counts",
    collateral={
        "The wrong value differs from the other looks at the same object.": ["sync_batch.ended.counts"]
    },
)
def detail_of_completed_counts_otherwise(behaviour: Behaviour) -> None:
    """expired_count: the items that expired; here Batch Detail counts those of a completed batch as errors."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == COMPLETED:
            body["errored_count"] += body["expired_count"]
            body["expired_count"] = 0

    tricks.in_operation(behaviour, "get_batch", "batch", change)


@fault(
    "list-disagrees",
    breaks="batch.views.agree",
    collateral={
        "The wrong value differs from the other looks at the same object.": ["batch.provider.constant"]
    },
)
def list_disagrees(behaviour: Behaviour) -> None:
    """List Batches, data[].provider: that of the batch; here it is always the other one."""
    tricks.in_operation(
        behaviour,
        "list_batches",
        "batch",
        lambda body, *_: body.update(provider=_OTHER.get(body["provider"])),
    )


@fault("not-found-is-200", breaks="get_batch.not_found")
def not_found_is_200(behaviour: Behaviour) -> None:
    """Batch Detail, Errors: an unknown id is answered with 404; here, if it is a UUID, with 200 and an empty batch."""
    made_up: dict[str, Batch] = {}

    def pretend(answer: Answer, call: Call) -> Answer:
        id_, later = call.path["id"], call.now + _DAY
        # what another organization has is no unknown id
        known = "second" in call.headers.get("authorization", "")
        if answer.status != 404 or known or not _UUID.fullmatch(id_):
            return answer
        batch = made_up.setdefault(id_, Batch(id_, 0, call.now, "anthropic", later, later, later))
        return Answer(200, objects.batch(behaviour, batch, call, detailed=True))

    behaviour.on_answer("get_batch", pretend)


@fault(
    "sync-of-completed-differs",
    breaks="batch.provider.constant",
    collateral={"One view is wrong, so it differs from the other one.": ["batch.views.agree"]},
)
def sync_of_completed_differs(behaviour: Behaviour) -> None:
    """Sync Batch: on a completed batch it returns the same data; here it returns the other provider."""

    def swap(body: JsonObject, batch: Batch, call: Call) -> None:
        if body["status"] == COMPLETED and batch.synced != call.now:
            body["provider"] = _OTHER.get(body["provider"])

    tricks.in_operation(behaviour, "sync_batch", "batch", swap)


@fault("cancel-shows-old-status", breaks="cancel_batch.status")
def cancel_shows_old_status(behaviour: Behaviour) -> None:
    """Cancel Batch, status: always cancelled; here the answer shows the status before."""

    def keep(body: JsonObject, _batch: Batch, _call: Call) -> None:
        body["status"] = SUBMITTED if body["submitted_at"] else ACCUMULATING

    tricks.in_operation(behaviour, "cancel_batch", "batch", keep)


@fault(
    "cancel-sets-back",
    breaks="cancel_batch.updated_at.later",
    collateral={"It speaks of the same value.": ["batch.updated_at.monotone"]},
)
def cancel_sets_back(behaviour: Behaviour) -> None:
    """Cancel Batch, updated_at: the time of the cancellation; here it falls back, though each look before had moved it on."""

    def change(body: JsonObject, _batch: Batch, call: Call) -> None:
        if body["status"] in (ACCUMULATING, SUBMITTED):
            body["updated_at"] = behaviour.timestamp(call.now)
        elif body["status"] == CANCELLED:
            body["updated_at"] = body["submitted_at"] or body["created_at"]

    behaviour.on_object("batch", change)


@fault(
    "cancel-forgotten",
    breaks="batch.status.terminal",
    collateral={"The other time no longer fits to this one.": ["batch.updated_at.monotone"]},
)
def cancel_forgotten(behaviour: Behaviour) -> None:
    """Cancel Batch: the batch is cancelled; here the answer says so, and nothing has happened."""

    def forget(_body: JsonObject, batch: Batch, _call: Call) -> None:
        batch.cancelled = None

    tricks.in_operation(behaviour, "cancel_batch", "batch", forget)
