"""Defects of the operations: listing, looking up, synchronizing, cancelling, ingesting."""

import re
import uuid
from dataclasses import replace
from http import HTTPStatus

from batchproof.emulator import tricks
from batchproof.emulator.behaviour import ANY
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
    Document,
)

fault = registry.fault

_LONG = 24 * 60 * 60 * 1000
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_OTHER = {"anthropic": "bedrock", "bedrock": "anthropic"}


@fault("default-page-of-ten", breaks="list_batches.pagination.limit.default")
def default_page_of_ten(behaviour: Behaviour) -> None:
    """Pagination, limit: 20 by default; here it is 10."""
    behaviour.limits.default_page_size = 10


@fault("limit-exceeded", breaks="list_batches.pagination.limit.most")
def limit_exceeded(behaviour: Behaviour) -> None:
    """Pagination, limit: the number of items on a page; here there is one more."""
    behaviour.on_page_size(ANY, lambda wanted, _call: wanted + 1)


@fault("last-page-with-cursor", breaks="list_batches.pagination.next_cursor.last")
def last_page_with_cursor(behaviour: Behaviour) -> None:
    """Pagination, next_cursor: null on the last page; here it is a string."""

    def change(body: JsonObject, _page: list[Batch], _call: Call) -> None:
        body["next_cursor"] = body["next_cursor"] or "ZW5k"

    behaviour.on_object("pagination", change)


@fault("has-more-always", breaks="list_batches.pagination.next_cursor.more")
def has_more_always(behaviour: Behaviour) -> None:
    """Pagination, has_more: true if there are more pages; here it is true on the last one, too."""
    tricks.put(behaviour, "pagination", has_more=True)


@fault("total-of-page", breaks="list_batches.pagination.total.enough")
def total_of_page(behaviour: Behaviour) -> None:
    """Pagination, total: all matching items; here it counts the items of this page."""
    behaviour.on_object("pagination", lambda body, page, _call: body.update(total=len(page)))


@fault("pages-overlap", breaks="list_batches.walk.once")
def pages_overlap(behaviour: Behaviour) -> None:
    """Pagination, next_cursor: it leads to further batches; here the next page begins with the last one once more."""
    lasts: dict[str, JsonObject] = {}

    def change(answer: Answer, call: Call) -> Answer:
        rows = answer.body.get("data")
        if rows:
            rows[0] = lasts.get(call.query.get("cursor", ""), rows[0])
            lasts[answer.body["pagination"].get("next_cursor")] = rows[-1]
        return answer

    behaviour.on_answer("list_batches", change)


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


@fault("foreign-source-fed", breaks="ingest_document.foreign")
def foreign_source_fed(behaviour: Behaviour) -> None:
    """Source Documents, Errors: 404 if there is no such source; here everybody can upload to those of all."""
    behaviour.shared.add("ingest_document")


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


@fault("duplicate-unnoticed", breaks="ingest_document.duplicate")
def duplicate_unnoticed(behaviour: Behaviour) -> None:
    """Source Documents: a file that is already there is a duplicate; here it is queued once more."""
    behaviour.finds_duplicates = False


@fault("missing-document-accepted", breaks="ingest_document.file")
def missing_document_accepted(behaviour: Behaviour) -> None:
    """Source Documents, Errors: 400 if no file was provided; here an empty document is queued."""
    behaviour.requires_file = False


@fault("processing-mode-unknown", breaks="ingestion.processing_mode.enum")
def processing_mode_unknown(behaviour: Behaviour) -> None:
    """Source Documents, processing_mode: realtime or batch; here it is `deferred`."""
    tricks.put(behaviour, "ingested", processing_mode="deferred")


@fault("ingest-link-dangles", breaks="ingestion.links.document")
def ingest_link_dangles(behaviour: Behaviour) -> None:
    """Source Documents, links.document: the URL of the document; here it is that of the list."""
    behaviour.on_object("ingested", lambda body, *_: body["links"].update(document="/v1/documents"))


@fault("source-id-differs", breaks="ingestion.source_id.path")
def source_id_differs(behaviour: Behaviour) -> None:
    """Source Documents, source_id: the source that was asked for; here it is the id of the document."""
    behaviour.on_object("ingested", lambda body, document, _call: body.update(source_id=document.id))


@fault("ingest-size-as-text", breaks="ingestion.size_bytes")
def ingest_size_as_text(behaviour: Behaviour) -> None:
    """IngestDocumentResponse, size_bytes: an integer; here it is its text."""
    behaviour.on_object("ingested", lambda body, *_: body.update(size_bytes=str(body["size_bytes"])))


@fault("duplicate-message-as-object", breaks="ingestion.message")
def duplicate_message_as_object(behaviour: Behaviour) -> None:
    """IngestDocumentResponse, message: a string that a duplicate has; here it is an object that holds it."""

    def change(body: JsonObject, *_: object) -> None:
        if body["message"] is not None:
            body["message"] = {"text": body["message"]}

    behaviour.on_object("ingested", change)


@fault("duplicate-of-itself", breaks="ingestion.existing_document_id.duplicate")
def duplicate_of_itself(behaviour: Behaviour) -> None:
    """Source Documents, existing_document_id: the document that is there already; here it is an id of its own."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if body["status"] == "duplicate":
            body["existing_document_id"] = str(uuid.uuid5(uuid.UUID(document.id), "duplicate"))

    behaviour.on_object("ingested", change)


@fault("document-status-unknown", breaks="document.status.enum")
def document_status_unknown(behaviour: Behaviour) -> None:
    """Get Document, status: pending, processing, completed or error; here a completed one is `done`."""
    tricks.put_where(behaviour, "document", COMPLETED, status="done")


@fault("document-error-as-object", breaks="document.error")
def document_error_as_object(behaviour: Behaviour) -> None:
    """Get Document, error: a string; here it is an object that holds it."""
    tricks.put_where(behaviour, "document", "error", error={"message": "The document could not be parsed."})


@fault("error-on-completed-document", breaks="document.error.absent")
def error_on_completed_document(behaviour: Behaviour) -> None:
    """Get Document, error: only with the status error; here a completed document has one."""
    tricks.put_where(behaviour, "document", COMPLETED, error="None, really.")


def _with_items(behaviour: Behaviour, operation: str) -> None:
    tricks.in_operation(behaviour, operation, "batch", lambda body, *_: body.update(items=[]))


def _instead(answer: Answer, status: int, other: int) -> Answer:
    if answer.status != status:
        return answer
    body = answer.body | {"statusCode": other, "error": HTTPStatus(other).phrase}
    return replace(answer, status=other, body=body)
