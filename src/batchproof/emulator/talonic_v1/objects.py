"""The documented JSON objects. Every object passes through the behaviour's hooks under its kind."""

from batchproof.emulator.exchange import Call, JsonObject

from .behaviour import Behaviour
from .store import COMPLETED, EXPIRED, FAILED, PENDING, PROCESSING, Batch, Document, Item, Source

_APP = "https://app.talonic.com"
_ITEM_ERRORS = {FAILED: "The document could not be parsed.", EXPIRED: "The item expired at the provider."}


def batch(behaviour: Behaviour, record: Batch, call: Call, *, detailed: bool = False) -> JsonObject:
    """Batch Detail, Response fields; only the detail has the items."""
    status = record.status(call.now)
    counts = record.counts(call.now)
    ended = record.ended if status in (COMPLETED, FAILED) else None
    body: JsonObject = {
        "id": record.id,
        "status": status,
        "provider": record.provider,
        "item_count": counts.total(),
        "succeeded_count": counts[COMPLETED],
        "errored_count": counts[FAILED],
        "expired_count": counts[EXPIRED],
        "submitted_at": _time(behaviour, record.submitted_at(call.now)),
        "completed_at": _time(behaviour, ended),
        "error_message": record.error if status == FAILED else None,
        "created_at": behaviour.timestamp(record.created),
        "updated_at": behaviour.timestamp(record.updated(call.now)),
        "links": behaviour.shape("links", {"self": f"/v1/batches/{record.id}"}, record, call),
    }
    if detailed:
        body["items"] = [_item(behaviour, item, call) for item in record.items_by(call.now)]
    return behaviour.shape("batch", body, record, call)


def _item(behaviour: Behaviour, item: Item, call: Call) -> JsonObject:
    status = item.status(call.now)
    ended = status not in (PENDING, PROCESSING)
    error = item.batch.error if item.batch.status(call.now) == FAILED else _ITEM_ERRORS.get(status)
    submitted = item.batch.submitted_at(call.now) is not None
    body = {
        "id": item.id,
        "document_id": item.document.id,
        "document_filename": item.document.filename,
        "custom_id": f"msgbatch_{item.batch.id[:8]}:{item.index}" if submitted else None,
        # There is no item status for what has expired.
        "status": FAILED if status == EXPIRED else status,
        "error_message": error,
        "created_at": behaviour.timestamp(item.created),
        "processed_at": behaviour.timestamp(item.batch.ready) if ended else None,
    }
    return behaviour.shape("batch_item", body, item, call)


def document(behaviour: Behaviour, record: Document, call: Call) -> JsonObject:
    """Get Document, Response fields; `error` is there only with the status `error`."""
    status = record.status(call.now)
    failed = status in (FAILED, EXPIRED)
    done = status == COMPLETED
    here = f"/v1/documents/{record.id}"
    body: JsonObject = {
        "id": record.id,
        "filename": record.filename,
        "pages": 2,
        "size_bytes": record.size,
        "mime_type": record.type,
        # Text recognition and classification do not wait for the batch.
        "type_detected": "invoice",
        "language_detected": "en",
        "status": "error" if failed else status,
        "source": behaviour.shape("document_source", {"id": record.source.id, "type": "api"}, record, call),
        "triage": None,
        "original_path": None,
        "extraction_count": int(done),
        "latest_extraction_id": record.id if done else None,
        "created_at": behaviour.timestamp(record.created),
        "links": behaviour.shape(
            "links",
            {
                "self": here,
                "extractions": f"{here}/extractions",
                "dashboard": f"{_APP}/documents/{record.id}",
            },
            record,
            call,
        ),
    }
    if failed:
        body["error"] = _ITEM_ERRORS[status]
    return behaviour.shape("document", body, record, call)


def source(behaviour: Behaviour, record: Source, call: Call) -> JsonObject:
    """List Inputs, Response fields, an item of data."""
    here = f"/v1/sources/{record.id}"
    links = {"self": here, "documents": f"{here}/documents", "dashboard": f"{_APP}/sources/{record.id}"}
    body = {
        "id": record.id,
        "name": record.name,
        "type": "api",
        "status": "active",
        "document_count": record.document_count,
        "default_schema": None,
        "endpoint": f"{here}/documents",
        "created_at": behaviour.timestamp(record.created),
        "links": behaviour.shape("links", links, record, call),
    }
    return behaviour.shape("source", body, record, call)


def ingested(behaviour: Behaviour, record: Document, call: Call, *, duplicate: bool, mode: str) -> JsonObject:
    """Source Documents, Response fields, and IngestDocumentResponse; a duplicate gets no document of its own."""
    origin = call.path["id"]
    links = {"document": f"/v1/documents/{record.id}", "source": f"/v1/sources/{origin}"}
    body = {
        "document_id": None if duplicate else record.id,
        "filename": record.filename,
        "status": "duplicate" if duplicate else "queued",
        "processing_mode": mode,
        "source_id": origin,
        "existing_document_id": record.id if duplicate else None,
        "size_bytes": record.size,
        "message": "The same file was ingested before." if duplicate else None,
        "links": behaviour.shape("links", links, record, call),
    }
    return behaviour.shape("ingested", body, record, call)


def _time(behaviour: Behaviour, moment: int | None) -> str | None:
    return None if moment is None else behaviour.timestamp(moment)
