"""Fields that are missing or of the wrong type, and answers with the wrong status."""

from batchproof.emulator.tables import MISSING, Wrong, plant_fields, plant_statuses
from batchproof.emulator.talonic_v1.plants import registry

_TEXT = "a string; here a number"
_COUNT = "an integer; here a text"
_TIME = "a date-time with an offset; here seconds since 1970"
_MOMENT = 1767225600
_ENDED = ("completed", "failed", "cancelled", "expired")

plant_fields(
    registry,
    "error",
    "Error Format",
    [
        Wrong("error-message-missing", "message", MISSING, "error.message", "a text; here it is missing"),
        Wrong("error-status-code-as-text", "statusCode", "4xx", "error.status_code", _COUNT),
        Wrong("error-text-missing", "error", MISSING, "error.error", "the status text; here it is missing"),
        Wrong("error-retryable-as-text", "retryable", "no", "error.retryable", "a boolean; here a text"),
        Wrong("error-path-as-list", "path", ["v1"], "error.path", "a string; here an array"),
    ],
)

plant_fields(
    registry,
    "pagination",
    "Pagination",
    [
        Wrong("total-as-text", "total", "many", "list_batches.pagination.total", _COUNT),
        Wrong("limit-as-text", "limit", "20", "list_batches.pagination.limit", _COUNT),
        Wrong(
            "has-more-as-number",
            "has_more",
            0,
            "list_batches.pagination.has_more",
            "a boolean; here a number",
        ),
        Wrong("cursor-as-number", "next_cursor", 2, "list_batches.pagination.next_cursor", _TEXT),
    ],
)

plant_fields(
    registry,
    "batch_list",
    "List Batches",
    [
        Wrong("batches-as-object", "data", {}, "list_batches.data", "an array; here an object"),
        Wrong(
            "pagination-missing",
            "pagination",
            MISSING,
            "list_batches.pagination",
            "there; here it is missing",
        ),
    ],
)

plant_fields(
    registry,
    "batch",
    "Batch Detail",
    [
        Wrong("batch-id-as-number", "id", 17, "batch.id", _TEXT, operations=("list_batches",)),
        Wrong(
            "batch-id-is-no-uuid",
            "id",
            "batch-17",
            "batch.id.uuid",
            "a UUID; here another text",
            operations=("list_batches",),
        ),
        Wrong("batch-status-as-number", "status", 3, "batch.status", _TEXT, _ENDED),
        Wrong("succeeded-as-text", "succeeded_count", "all", "batch.succeeded_count", _COUNT),
        Wrong("errored-as-text", "errored_count", "none", "batch.errored_count", _COUNT),
        Wrong(
            "expired-missing", "expired_count", MISSING, "batch.expired_count", "a count; here it is missing"
        ),
        Wrong("submitted-at-as-number", "submitted_at", _MOMENT, "batch.submitted_at", _TIME),
        Wrong("completed-at-as-number", "completed_at", _MOMENT, "batch.completed_at", _TIME, ("completed",)),
        Wrong(
            "batch-error-as-object",
            "error_message",
            {},
            "batch.error_message",
            "a string or null; here an object",
        ),
        Wrong("updated-at-as-number", "updated_at", _MOMENT, "batch.updated_at", _TIME),
        Wrong("batch-links-as-list", "links", [], "batch.links", "an object; here an array"),
        Wrong(
            "items-as-object",
            "items",
            {},
            "batch.items",
            "an array; here an object",
            operations=("get_batch",),
        ),
    ],
)

plant_fields(
    registry,
    "links",
    "Batch Detail, links",
    [
        Wrong(
            "self-as-object",
            "self",
            {},
            "batch.links.self.type",
            "a string; here an object",
            operations=("list_batches", "get_batch", "sync_batch", "cancel_batch"),
        ),
    ],
)

plant_fields(
    registry,
    "batch_item",
    "Batch Detail, items",
    [
        Wrong("item-id-as-number", "id", 17, "batch_item.id", _TEXT),
        Wrong(
            "item-document-id-missing",
            "document_id",
            MISSING,
            "batch_item.document_id",
            "a string; here it is missing",
        ),
        Wrong(
            "item-filename-as-number",
            "document_filename",
            17,
            "batch_item.document_filename",
            "a string or null; here a number",
        ),
        Wrong(
            "item-custom-id-as-number",
            "custom_id",
            17,
            "batch_item.custom_id",
            "a string or null; here a number",
        ),
        Wrong("item-status-as-number", "status", 3, "batch_item.status", _TEXT),
        Wrong(
            "item-error-as-object",
            "error_message",
            {},
            "batch_item.error_message",
            "a string or null; here an object",
        ),
        Wrong("item-created-at-as-number", "created_at", _MOMENT, "batch_item.created_at", _TIME),
        Wrong("item-processed-at-as-number", "processed_at", _MOMENT, "batch_item.processed_at", _TIME),
    ],
)

plant_fields(
    registry,
    "ingested",
    "Source Documents",
    [
        Wrong("ingestion-status-as-number", "status", 3, "ingestion.status", _TEXT),
        Wrong(
            "ingestion-status-unknown",
            "status",
            "accepted",
            "ingestion.status.enum",
            "queued or duplicate; here accepted",
        ),
        Wrong(
            "ingestion-document-as-object",
            "document_id",
            {},
            "ingestion.document_id",
            "a string or null; here an object",
        ),
        Wrong(
            "queued-without-document",
            "document_id",
            None,
            "ingestion.document_id.queued",
            "there when queued; here it is null",
            ("queued",),
        ),
        Wrong(
            "existing-document-as-number",
            "existing_document_id",
            17,
            "ingestion.existing_document_id",
            "a string or null; here a number",
        ),
        Wrong(
            "ingestion-filename-as-number",
            "filename",
            17,
            "ingestion.filename",
            "a string or null; here a number",
        ),
        Wrong("processing-mode-as-number", "processing_mode", 1, "ingestion.processing_mode", _TEXT),
        Wrong("ingestion-source-as-number", "source_id", 17, "ingestion.source_id", _TEXT),
        Wrong("ingestion-links-as-list", "links", [], "ingestion.links", "an object; here an array"),
    ],
)

plant_fields(
    registry,
    "document",
    "Get Document",
    [
        Wrong("document-id-as-number", "id", 17, "document.id", _TEXT),
        Wrong("document-filename-null", "filename", None, "document.filename", "a string; here null"),
        Wrong("document-status-as-number", "status", 3, "document.status", _TEXT),
        Wrong("document-pages-as-text", "pages", "2", "document.pages", _COUNT),
        Wrong("document-size-as-text", "size_bytes", "2 kB", "document.size_bytes", _COUNT),
        Wrong("document-type-as-list", "mime_type", [], "document.mime_type", "a string; here an array"),
        Wrong(
            "type-detected-as-object",
            "type_detected",
            {},
            "document.type_detected",
            "a string or null; here an object",
        ),
        Wrong(
            "language-as-list",
            "language_detected",
            ["en"],
            "document.language_detected",
            "a string or null; here an array",
        ),
        Wrong("document-source-as-text", "source", "api", "document.source", "an object; here a text"),
        Wrong(
            "document-triage-as-text", "triage", "none", "document.triage", "an object or null; here a text"
        ),
        Wrong(
            "original-path-as-list",
            "original_path",
            [],
            "document.original_path",
            "a string or null; here an array",
        ),
        Wrong("extraction-count-as-text", "extraction_count", "1", "document.extraction_count", _COUNT),
        Wrong(
            "latest-extraction-as-number",
            "latest_extraction_id",
            17,
            "document.latest_extraction_id",
            "a string or null; here a number",
        ),
        Wrong("document-created-at-as-number", "created_at", _MOMENT, "document.created_at", _TIME),
        Wrong("document-links-as-list", "links", [], "document.links", "an object; here an array"),
    ],
)

plant_fields(
    registry,
    "source",
    "List Inputs",
    [
        Wrong("source-id-as-number", "id", 17, "source.id", _TEXT),
        Wrong("source-name-missing", "name", MISSING, "source.name", "a string; here it is missing"),
        Wrong("source-type-as-number", "type", 1, "source.type", _TEXT),
        Wrong("source-status-null", "status", None, "source.status", "a string; here null"),
        Wrong("document-count-as-text", "document_count", "2", "source.document_count", _COUNT),
        Wrong(
            "default-schema-as-text",
            "default_schema",
            "none",
            "source.default_schema",
            "an object or null; here a text",
        ),
        Wrong("source-endpoint-as-object", "endpoint", {}, "source.endpoint", "a string; here an object"),
        Wrong("source-created-at-as-number", "created_at", _MOMENT, "source.created_at", _TIME),
        Wrong("source-links-as-list", "links", [], "source.links", "an object; here an array"),
    ],
)

plant_fields(
    registry,
    "source_list",
    "List Inputs",
    [Wrong("sources-as-object", "data", {}, "list_sources.data", "an array; here an object")],
)

plant_statuses(
    registry,
    [
        ("list_batches", "List Batches", 200, 206, "list_batches.success"),
        ("get_batch", "Batch Detail", 200, 203, "get_batch.success"),
        ("get_document", "Get Document", 200, 203, "get_document.success"),
        ("list_sources", "List Inputs", 200, 206, "list_sources.success"),
        ("get_batch", "Authentication", 401, 400, "get_batch.unauthorized"),
        ("sync_batch", "Authentication", 401, 404, "sync_batch.unauthorized"),
        ("cancel_batch", "Authentication", 401, 409, "cancel_batch.unauthorized"),
        ("ingest_document", "Authentication", 401, 400, "ingest_document.unauthorized"),
        ("get_document", "Authentication", 401, 404, "get_document.unauthorized"),
        ("list_sources", "Authentication", 401, 400, "list_sources.unauthorized"),
        ("ingest_document", "Source Documents, errors", 404, 400, "ingest_document.not_found"),
    ],
)
