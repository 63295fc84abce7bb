"""Defects of documents, of their uploads and of the sources that they come from."""

import uuid

from batchproof.emulator import tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry
from batchproof.emulator.talonic_v1.store import COMPLETED, PROCESSING, Document

fault = registry.fault


@fault("foreign-source-fed", breaks="ingest_document.foreign")
def foreign_source_fed(behaviour: Behaviour) -> None:
    """Source Documents, Errors: 404 if there is no such source; here everybody can upload to those of all."""
    behaviour.shared.add("ingest_document")


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


@fault("unknown-mode-accepted", breaks="ingest_document.mode.unknown")
def unknown_mode_accepted(behaviour: Behaviour) -> None:
    """Source Documents, processing_mode: realtime or batch; here anything else is taken for realtime."""
    behaviour.checks_modes = False


@fault("duplicate-links-to-all-sources", breaks="ingestion.links.source")
def duplicate_links_to_all_sources(behaviour: Behaviour) -> None:
    """Source Documents, links.source: the URL of the source; here that of a duplicate leads to the list of all."""

    def change(body: JsonObject, _document: Document, _call: Call) -> None:
        if body["status"] == "duplicate":
            body["links"]["source"] = "/v1/sources"

    behaviour.on_object("ingested", change)


@fault("document-error-empty", breaks="document.error.present")
def document_error_empty(behaviour: Behaviour) -> None:
    """Get Document, error: the message if processing failed; here it is an empty text."""
    tricks.put_where(behaviour, "document", "error", error="")


@fault("document-reopens", breaks="document.status.terminal")
def document_reopens(behaviour: Behaviour) -> None:
    """Get Document, status: completed is the end; here a document is processing again from the second look on."""
    tricks.from_look(behaviour, "document", {COMPLETED}, 2, lambda body, *_: body.update(status=PROCESSING))


@fault("document-created-at-drifts", breaks="document.constant")
def document_created_at_drifts(behaviour: Behaviour) -> None:
    """Get Document, created_at: when the document was ingested; here each look shows a slightly earlier time."""
    tricks.drift(behaviour, "document", "created_at", by_ms=-1)


@fault("language-of-three-letters", breaks="document.language_detected.code")
def language_of_three_letters(behaviour: Behaviour) -> None:
    """Get Document, language_detected: a code of ISO 639-1; here it is one of ISO 639-3."""
    tricks.put(behaviour, "document", language_detected="eng")


@fault("document-self-is-dashboard", breaks="document.links.self")
def document_self_is_dashboard(behaviour: Behaviour) -> None:
    """Get Document, links.self: the URL of the document; here it is that of its page in the dashboard."""

    def change(body: JsonObject, _document: Document, _call: Call) -> None:
        body["self"] = body["dashboard"]

    tricks.in_operation(behaviour, "get_document", "links", change)


@fault("empty-source-counts-less", breaks="source.document_count.negative")
def empty_source_counts_less(behaviour: Behaviour) -> None:
    """List Inputs, document_count: the number of documents; here it is one too few, so that an empty source has -1."""
    behaviour.on_object("source", lambda body, *_: body.update(document_count=body["document_count"] - 1))


@fault("source-endpoint-is-source", breaks="source.endpoint.path")
def source_endpoint_is_source(behaviour: Behaviour) -> None:
    """List Inputs, endpoint: where documents are uploaded to; here it is the source itself."""
    behaviour.on_object(
        "source", lambda body, source, _call: body.update(endpoint=f"/v1/sources/{source.id}")
    )


@fault("queued-names-itself-as-existing", breaks="ingestion.existing_document_id.queued")
def queued_names_itself_as_existing(behaviour: Behaviour) -> None:
    """Source Documents, existing_document_id: the document that is there already; here a new file names its own."""

    def change(body: JsonObject, document: Document, _call: Call) -> None:
        if body["status"] == "queued":
            body["existing_document_id"] = document.id

    behaviour.on_object("ingested", change)


@fault("extraction-counted-twice", breaks="document.extraction_count.range")
def extraction_counted_twice(behaviour: Behaviour) -> None:
    """Get Document, extraction_count: 0 or 1; here a completed document has 2."""
    tricks.put_where(behaviour, "document", COMPLETED, extraction_count=2)


@fault("extraction-without-id", breaks="document.extraction.agrees")
def extraction_without_id(behaviour: Behaviour) -> None:
    """Get Document, latest_extraction_id: that of the extraction; here it is null though the document has one."""
    tricks.put_where(behaviour, "document", COMPLETED, latest_extraction_id=None)


@fault("source-status-unknown", breaks="source.status.enum")
def source_status_unknown(behaviour: Behaviour) -> None:
    """SourceResponse, status: active, syncing or error; here it is `paused`."""
    tricks.put(behaviour, "source", status="paused")
