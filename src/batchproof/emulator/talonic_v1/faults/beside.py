"""Defects that show only beside another answer, the request, or the clock."""

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import CANCELLED, FAILED, SUBMITTED, Batch, Document, Item

from .refusals import refusal

fault = registry.fault

_DAY = 24 * 60 * 60 * 1_000


@fault("not-found-is-unauthorized", breaks="error.code.of_status")
def not_found_is_unauthorized(behaviour: Behaviour) -> None:
    """Batch Detail, Errors: unauthorized goes with 401; here an answer 404 has this code."""

    def change(body: JsonObject, refused: ApiError, _call: Call) -> None:
        if refused.status == 404:
            body["code"] = "unauthorized"

    behaviour.on_object("error", change)


@fault("not-found-without-limits", breaks="rate_limit.headers.refused")
def not_found_without_limits(behaviour: Behaviour) -> None:
    """Rate Limits: three headers on every answer; here those with 404 have none."""
    missing: set[str] = set()

    def note(answer: Answer, call: Call) -> Answer:
        if answer.status == 404:
            missing.add(call.request_id)
        return answer

    def strip(headers: dict[str, str], call: Call) -> None:
        if call.request_id in missing:
            for name in [name for name in headers if name.startswith("X-RateLimit-")]:
                del headers[name]

    behaviour.on_answer(ANY, note)
    behaviour.on_headers(strip)


@fault("list-hides-cancelled", breaks="list_batches.walk.whole")
def list_hides_cancelled(behaviour: Behaviour) -> None:
    """List Batches: the batches; here those that were cancelled are not among them."""
    behaviour.on_records(
        "list_batches", lambda records, call: [item for item in records if item.status(call.now) != CANCELLED]
    )


@fault("total-of-several-pages-one-more", breaks="list_batches.pagination.total.all")
def total_of_several_pages_one_more(behaviour: Behaviour) -> None:
    """Pagination, total: all batches; here, if they do not fit on one page, it counts one that is not there."""

    def change(body: JsonObject, _page: list[Batch], call: Call) -> None:
        body["total"] += bool(body["has_more"] or "cursor" in call.query)

    behaviour.on_object("pagination", change)


@fault("status-of-failed-is-expired", breaks="batch.status.tolerated")
def status_of_failed_is_expired(behaviour: Behaviour) -> None:
    """Batch Detail, status: one of five; here a failed batch is expired, which only the OpenAPI description names."""
    tricks.put_where(behaviour, "batch", FAILED, status="expired", error_message=None)


@fault("failed-batch-updated-tomorrow", breaks="batch.moments.past")
def failed_batch_updated_tomorrow(behaviour: Behaviour) -> None:
    """Batch Detail, updated_at: the last update; here a failed batch was updated a day after each look."""

    def change(body: JsonObject, _batch: Batch, call: Call) -> None:
        if body["status"] == FAILED:
            body["updated_at"] = behaviour.timestamp(call.now + _DAY)

    behaviour.on_object("batch", change)


@fault("failed-item-processed-next-year", breaks="batch_item.moments.past")
def failed_item_processed_next_year(behaviour: Behaviour) -> None:
    """Batch Detail, items[].processed_at: when this item was processed; here those of a failed batch will be in a year."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.batch.status(call.now) == FAILED:
            body["processed_at"] = behaviour.timestamp(item.batch.ready + 365 * _DAY)

    behaviour.on_object("batch_item", change)


@fault("sync-of-cancelled-is-refused", breaks="sync_batch.accepted")
def sync_of_cancelled_is_refused(behaviour: Behaviour) -> None:
    """Sync Batch: safe for a cancelled batch; here it is refused as a conflict."""

    def refuse(answer: Answer, call: Call) -> Answer:
        cancelled = answer.status == 200 and answer.body["status"] == CANCELLED
        return refusal(call, 409, "conflict") if cancelled else answer

    behaviour.on_answer("sync_batch", refuse)


@fault("sync-counts-in-advance", breaks="sync_batch.waiting.counts")
def sync_counts_in_advance(behaviour: Behaviour) -> None:
    """Sync Batch: the counts stay zero until the results are there; here all items count as errors in the meantime."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == SUBMITTED:
            body["errored_count"] = body["item_count"]

    tricks.in_operation(behaviour, "sync_batch", "batch", change)


@fault("cancel-keeps-updated-at", breaks="cancel_batch.updated_at.moment")
def cancel_keeps_updated_at(behaviour: Behaviour) -> None:
    """Cancel Batch, updated_at: the moment of the cancellation; here the answer still shows that of the submission."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        body["updated_at"] = body["submitted_at"] or body["updated_at"]

    tricks.in_operation(behaviour, "cancel_batch", "batch", change)


@fault("ingest-renames", breaks="ingestion.filename.file")
def ingest_renames(behaviour: Behaviour) -> None:
    """Source Documents, filename: that of the file; here every file is an upload.bin."""
    tricks.put(behaviour, "ingested", filename="upload.bin")


@fault("pictures-are-batched", breaks="ingest_document.images")
def pictures_are_batched(behaviour: Behaviour) -> None:
    """Batch Processing: images are never batched; here the answer to the upload of one says that it is."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if document.filename.endswith(".png"):
            body["processing_mode"] = "batch"

    behaviour.on_object("ingested", change)


@fault("batch-by-default", breaks="ingest_document.mode.default")
def batch_by_default(behaviour: Behaviour) -> None:
    """Ingest a Document, processing_mode: realtime by default; here an upload without one says that it is batched."""

    def change(body: JsonObject, _document: Document, call: Call) -> None:
        if b'name="processing_mode"' not in call.body:
            body["processing_mode"] = "batch"

    behaviour.on_object("ingested", change)
