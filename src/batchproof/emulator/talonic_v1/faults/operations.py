"""Defects of the operations on one batch or document: looking up, synchronizing, cancelling."""

import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.registry import Fault
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
    Document,
)

fault = registry.fault

_LONG = 24 * 60 * 60 * 1000
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OTHER = {"anthropic": "bedrock", "bedrock": "anthropic"}


@fault("list-disagrees", breaks="batch.views.agree")
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
        id_, later = call.path["id"], call.now + _LONG
        # what another organization has is no unknown id
        known = "second" in call.headers.get("authorization", "")
        if answer.status != 404 or known or not _UUID.fullmatch(id_):
            return answer
        batch = made_up.setdefault(id_, Batch(id_, 0, call.now, "anthropic", later, later, later))
        return Answer(200, objects.batch(behaviour, batch, call, detailed=True))

    behaviour.on_answer("get_batch", pretend)


@fault("foreign-batch-shown", breaks="get_batch.foreign")
def foreign_batch_shown(behaviour: Behaviour) -> None:
    """Batch Detail, Errors: 404 if your organization has no such batch; here those of all organizations can be read."""
    behaviour.shared.add("get_batch")


@fault("foreign-batch-synced", breaks="sync_batch.foreign")
def foreign_batch_synced(behaviour: Behaviour) -> None:
    """Sync Batch, Errors: 404 if your organization has no such batch; here those of all organizations can be synced."""
    behaviour.shared.add("sync_batch")


@fault("foreign-batch-cancelled", breaks="cancel_batch.foreign")
def foreign_batch_cancelled(behaviour: Behaviour) -> None:
    """Cancel Batch, Errors: 404 if your organization has no such batch; here anybody can cancel those of all."""
    behaviour.shared.add("cancel_batch")


@fault("sync-shows-items", breaks="sync_batch.items")
def sync_shows_items(behaviour: Behaviour) -> None:
    """Sync Batch, Response: a batch without items; here it has an empty list of them."""
    _with_items(behaviour, "sync_batch")


@fault("cancel-shows-items", breaks="cancel_batch.items")
def cancel_shows_items(behaviour: Behaviour) -> None:
    """Cancel Batch, Response: a batch without items; here it has an empty list of them."""
    _with_items(behaviour, "cancel_batch")


@fault("sync-not-found-is-400", breaks="sync_batch.not_found")
def sync_not_found_is_400(behaviour: Behaviour) -> None:
    """Sync Batch, Errors: an unknown id is answered with 404; here with 400."""
    behaviour.on_answer("sync_batch", lambda answer, _: _instead(answer, 404, 400))


@fault("cancel-not-found-is-410", breaks="cancel_batch.not_found")
def cancel_not_found_is_410(behaviour: Behaviour) -> None:
    """Cancel Batch, Errors: an unknown id is answered with 404; here with 410."""
    behaviour.on_answer("cancel_batch", lambda answer, _: _instead(answer, 404, 410))


@fault("sync-restamps", breaks="sync_batch.waiting")
def sync_restamps(behaviour: Behaviour) -> None:
    """Sync Batch: nothing changes while the provider works; here the batch counts as submitted at this moment."""

    def restamp(body: JsonObject, _batch: Batch, call: Call) -> None:
        if body["status"] == SUBMITTED:
            body["submitted_at"] = behaviour.timestamp(call.now)

    tricks.in_operation(behaviour, "sync_batch", "batch", restamp)


@fault("sync-of-completed-differs", breaks="batch.provider.constant")
def sync_of_completed_differs(behaviour: Behaviour) -> None:
    """Sync Batch: on a completed batch it returns the same data; here it returns the other provider."""

    def swap(body: JsonObject, batch: Batch, call: Call) -> None:
        if body["status"] == COMPLETED and batch.synced != call.now:
            body["provider"] = _OTHER.get(body["provider"])

    tricks.in_operation(behaviour, "sync_batch", "batch", swap)


@fault("first-sync-counts-another-item", breaks="sync_batch.ended.same")
def first_sync_counts_another_item(behaviour: Behaviour) -> None:
    """Sync Batch: on a cancelled batch it returns the same data; here the first one returns one item more."""
    _at_first_sync(behaviour, CANCELLED, lambda body: body.update(item_count=body["item_count"] + 1))


@fault("first-sync-of-completed-miscounts", breaks="sync_batch.ended.counts")
def first_sync_of_completed_miscounts(behaviour: Behaviour) -> None:
    """Sync Batch: on a completed batch it returns the same data; here the first one counts a success as an error."""

    def miscount(body: JsonObject) -> None:
        body["succeeded_count"] -= 1
        body["errored_count"] += 1

    _at_first_sync(behaviour, COMPLETED, miscount)


@fault("sync-answer-partial", breaks="batch.provider")
def sync_answer_partial(behaviour: Behaviour) -> None:
    """Sync Batch, Response: the full batch object; here the provider is missing."""
    tricks.in_operation(behaviour, "sync_batch", "batch", lambda body, *_: body.pop("provider"))


@fault("cancel-of-cancelled", breaks="cancel_batch.ended")
def cancel_of_cancelled(behaviour: Behaviour) -> None:
    """Cancel Batch, Errors: a cancelled batch cannot be cancelled again (400); here it can."""
    behaviour.uncancellable = TERMINAL - {CANCELLED}


@fault("cancel-shows-old-status", breaks="cancel_batch.status")
def cancel_shows_old_status(behaviour: Behaviour) -> None:
    """Cancel Batch, status: always cancelled; here the answer shows the status before."""

    def keep(body: JsonObject, _batch: Batch, _call: Call) -> None:
        body["status"] = SUBMITTED if body["submitted_at"] else ACCUMULATING

    tricks.in_operation(behaviour, "cancel_batch", "batch", keep)


@fault("cancel-sets-back", breaks="cancel_batch.updated_at.later")
def cancel_sets_back(behaviour: Behaviour) -> None:
    """Cancel Batch, updated_at: the time of the cancellation; here it falls back, though each look before had moved it on."""

    def change(body: JsonObject, _batch: Batch, call: Call) -> None:
        if body["status"] in (ACCUMULATING, SUBMITTED):
            body["updated_at"] = behaviour.timestamp(call.now)
        elif body["status"] == CANCELLED:
            body["updated_at"] = body["submitted_at"] or body["created_at"]

    behaviour.on_object("batch", change)


@fault("cancel-forgotten", breaks="batch.status.terminal")
def cancel_forgotten(behaviour: Behaviour) -> None:
    """Cancel Batch: the batch is cancelled; here the answer says so, and nothing has happened."""

    def forget(_body: JsonObject, batch: Batch, _call: Call) -> None:
        batch.cancelled = None

    tricks.in_operation(behaviour, "cancel_batch", "batch", forget)


@fault("idempotency-ignored", breaks="idempotency.replay")
def idempotency_ignored(behaviour: Behaviour) -> None:
    """Idempotency: a repeated key gives the original answer; here the request is carried out again."""
    behaviour.replays = False


def _show_another(operation: str, kind: str, behaviour: Behaviour) -> None:
    def change(body: JsonObject, record: Batch | Document, _call: Call) -> None:
        body["id"] = str(uuid.uuid5(uuid.UUID(record.id), operation))
        body["links"]["self"] = body["links"]["self"].replace(record.id, body["id"])

    tricks.in_operation(behaviour, operation, kind, change)


for _operation, _kind, _page in (
    ("get_batch", "batch", "Batch Detail"),
    ("sync_batch", "batch", "Sync Batch"),
    ("cancel_batch", "batch", "Cancel Batch"),
    ("get_document", "document", "Get Document"),
):
    registry.add(
        Fault(
            f"{_operation.replace('_', '-')}-shows-another",
            f"{_operation}.id",
            f"{_page}, id: that of the {_kind} that the path names; here it is another one.",
            partial(_show_another, _operation, _kind),
        )
    )


def _at_first_sync(behaviour: Behaviour, state: str, do: Callable[[JsonObject], object]) -> None:
    synced: set[str] = set()

    def change(body: JsonObject, batch: Batch, _call: Call) -> None:
        if body["status"] == state and batch.id not in synced:
            synced.add(batch.id)
            do(body)

    tricks.in_operation(behaviour, "sync_batch", "batch", change)


def _with_items(behaviour: Behaviour, operation: str) -> None:
    tricks.in_operation(behaviour, operation, "batch", lambda body, *_: body.update(items=[]))


def _instead(answer: Answer, status: int, other: int) -> Answer:
    if answer.status != status:
        return answer
    body = answer.body | {"statusCode": other, "error": HTTPStatus(other).phrase}
    return replace(answer, status=other, body=body)
