"""Defects of what an answer says of one thing alone: when it was, whose it is, how large, and that it is there once."""

from batchproof.emulator.exchange import ApiError, Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import CANCELLED, FAILED, Batch, Document, Item

fault = registry.fault

_DAY = 24 * 60 * 60 * 1_000
_OTHER_SOURCE = "00000000-0000-4000-8000-000000000000"


@fault("errors-of-yesterday", breaks="error.timestamp.time")
def errors_of_yesterday(behaviour: Behaviour) -> None:
    """Error Format, timestamp: that of the error; here it is always that of the day before."""

    def change(body: JsonObject, _refused: ApiError, call: Call) -> None:
        body["timestamp"] = behaviour.timestamp(call.now - _DAY)

    behaviour.on_object("error", change)


@fault("code-of-400-by-nobody", breaks="error.code.known.400")
def code_of_400_by_nobody(behaviour: Behaviour) -> None:
    """Cancel Batch, Errors: bad_request; here an answer 400 has a code that no page names."""

    def change(body: JsonObject, refused: ApiError, _call: Call) -> None:
        if refused.status == 400:
            body["code"] = "no_luck"

    behaviour.on_object("error", change)


@fault("unsubmitted-batch-has-errors", breaks="batch.counts.unsubmitted")
def unsubmitted_batch_has_errors(behaviour: Behaviour) -> None:
    """Cancel Batch, response: no outcomes in a batch that was never submitted; here one of its items has errored."""

    def change(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if body["status"] == CANCELLED and body["submitted_at"] is None:
            body["errored_count"] = min(1, body["item_count"])

    behaviour.on_object("batch", change)


@fault("failed-items-have-ids-of-documents", breaks="batch_item.id.own")
def failed_items_have_ids_of_documents(behaviour: Behaviour) -> None:
    """Batch Detail, items[].id: the UUID of the item; here the items of a failed batch have those of their documents."""

    def change(body: JsonObject, item: Item, call: Call) -> None:
        if item.batch.status(call.now) == FAILED:
            body["id"] = body["document_id"]

    behaviour.on_object("batch_item", change)


@fault("upload-in-kilobytes", breaks="ingestion.size_bytes.file")
def upload_in_kilobytes(behaviour: Behaviour) -> None:
    """IngestDocumentResponse, size_bytes: bytes; here it is the number of kilobytes that were begun."""
    behaviour.on_object("ingested", lambda body, *_: body.update(size_bytes=-(-body["size_bytes"] // 1_000)))


@fault("uploads-belong-to-no-source", breaks="ingestion.document")
def uploads_belong_to_no_source(behaviour: Behaviour) -> None:
    """Get Document, source: that of the upload; here what was uploaded during the run has another one."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if document.duration or document.item is not None:
            body["id"] = _OTHER_SOURCE

    behaviour.on_object("document_source", change)


@fault("old-documents-of-next-week", breaks="document.created_at.past")
def old_documents_of_next_week(behaviour: Behaviour) -> None:
    """Get Document, created_at: when it was created; here that of an older document lies a week ahead."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if not document.duration:
            body["created_at"] = behaviour.timestamp(document.created + 14 * _DAY)

    behaviour.on_object("document", change)


@fault("first-source-twice", breaks="list_sources.distinct")
def first_source_twice(behaviour: Behaviour) -> None:
    """List Inputs, data: the sources; here the first one stands there twice."""
    behaviour.on_object("source_list", lambda body, *_: body.update(data=[*body["data"][:1], *body["data"]]))
