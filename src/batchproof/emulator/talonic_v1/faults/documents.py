"""Documents and their uploads."""

import uuid

from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import Document

fault = registry.fault

_OTHER_SOURCE = "00000000-0000-4000-8000-000000000000"


@fault("batch-by-default", breaks="ingest_document.mode.default")
def batch_by_default(behaviour: Behaviour) -> None:
    """Ingest a Document, processing_mode: realtime by default; here an upload without one says that it is batched."""

    def change(body: JsonObject, _document: Document, call: Call) -> None:
        if b'name="processing_mode"' not in call.body:
            body["processing_mode"] = "batch"

    behaviour.on_object("ingested", change)


@fault(
    "duplicate-of-itself",
    breaks="ingestion.existing_document_id.duplicate",
    collateral={"The link leads to the document that was there before.": ["ingestion.links.document"]},
)
def duplicate_of_itself(behaviour: Behaviour) -> None:
    """Source Documents, existing_document_id: the document that is there already; here it is an id of its own."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if body["status"] == "duplicate":
            body["existing_document_id"] = str(uuid.uuid5(uuid.UUID(document.id), "duplicate"))

    behaviour.on_object("ingested", change)


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
