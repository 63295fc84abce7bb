"""Fields that are missing or of the wrong type, and answers with the wrong status."""

from batchproof.emulator.extend_2025_04_21.plants import registry
from batchproof.emulator.tables import MISSING, Wrong, plant_fields, plant_statuses

_TEXT = "a string; here a number"
_LONG = "x" * 256
_AT_MOST = "a string of at most 255 characters; here of 256"
_NO_ZONE = "2026-03-01T12:00:00.000"
_UTC = "a date-time in UTC; here no zone is named"

plant_fields(
    registry,
    "error",
    "Error Handling",
    [
        Wrong("error-success-as-text", "success", "false", "error.success", "a boolean; here a text"),
    ],
)

plant_fields(
    registry,
    "batch_processor_run",
    "Get Batch Processor Run",
    [
        Wrong("batch-id-missing", "id", MISSING, "batch_processor_run.id", "a string; here it is missing"),
        Wrong(
            "batch-processor-id-too-long", "processorId", _LONG, "batch_processor_run.processor_id", _AT_MOST
        ),
        Wrong(
            "batch-version-id-missing",
            "processorVersionId",
            MISSING,
            "batch_processor_run.processor_version_id",
            "a string; here it is missing",
        ),
        Wrong(
            "batch-name-null",
            "processorName",
            None,
            "batch_processor_run.processor_name",
            "a string; here null",
        ),
        Wrong("batch-status-as-number", "status", 3, "batch_processor_run.status", _TEXT),
        Wrong("batch-source-null", "source", None, "batch_processor_run.source", "a string; here null"),
        Wrong("batch-source-id-as-number", "sourceId", 17, "batch_processor_run.source_id", _TEXT),
        Wrong("batch-updated-at-without-zone", "updatedAt", _NO_ZONE, "batch_processor_run.updated_at", _UTC),
    ],
)

plant_fields(
    registry,
    "metrics",
    "Get Batch Processor Run, metrics",
    [
        Wrong(
            "pages-as-text",
            "numPages",
            "many",
            "batch_processor_run.metrics.num_pages",
            "a number; here a text",
        )
    ],
)

plant_fields(
    registry,
    "options",
    "Get Batch Processor Run, options",
    [
        Wrong(
            "fuzzy-fields-as-text",
            "fuzzyMatchFields",
            "total",
            "batch_processor_run.options.fuzzy_match_fields",
            "an array of strings; here a text",
        ),
        Wrong(
            "exclude-fields-as-numbers",
            "excludeFields",
            [1],
            "batch_processor_run.options.exclude_fields",
            "an array of strings; here of numbers",
        ),
        Wrong(
            "clear-cache-as-text",
            "clearPreProcessingCache",
            "yes",
            "batch_processor_run.options.clear_pre_processing_cache",
            "a boolean; here a text",
        ),
    ],
)

plant_fields(
    registry,
    "processor_run",
    "Get Processor Run",
    [
        Wrong(
            "run-object-other",
            "object",
            "processor_run",
            "processor_run.object",
            "always document_processor_run; here processor_run",
        ),
        Wrong(
            "run-id-missing",
            "id",
            MISSING,
            "processor_run.id",
            "a string; here it is missing",
            operations=("get_processor_run",),
        ),
        Wrong(
            "run-processor-id-null",
            "processorId",
            None,
            "processor_run.processor_id",
            "a string; here null",
            operations=("get_processor_run",),
        ),
        Wrong(
            "run-version-id-missing",
            "processorVersionId",
            MISSING,
            "processor_run.processor_version_id",
            "a string; here it is missing",
        ),
        Wrong("run-name-null", "processorName", None, "processor_run.processor_name", "a string; here null"),
        Wrong("run-status-as-number", "status", 3, "processor_run.status", _TEXT, ("PROCESSED",)),
        Wrong("run-type-as-number", "type", 1, "processor_run.type", _TEXT, ("PROCESSED",)),
        Wrong("run-config-as-text", "config", "default", "processor_run.config", "an object; here a text"),
        Wrong("run-output-as-list", "output", [], "processor_run.output", "an object or null; here an array"),
        Wrong(
            "run-output-missing",
            "output",
            MISSING,
            "processor_run.output.present",
            "there when PROCESSED; here it is missing",
            ("PROCESSED",),
        ),
        Wrong(
            "run-initial-output-as-list",
            "initialOutput",
            [],
            "processor_run.initial_output",
            "an object; here an array",
        ),
        Wrong(
            "run-reason-as-number",
            "failureReason",
            17,
            "processor_run.failure_reason",
            "a string; here a number",
            ("FAILED",),
        ),
        Wrong(
            "run-message-as-list",
            "failureMessage",
            [],
            "processor_run.failure_message",
            "a string; here an array",
            ("FAILED",),
        ),
        Wrong("run-metadata-as-text", "metadata", "none", "processor_run.metadata", "an object; here a text"),
        Wrong("run-reviewed-as-text", "reviewed", "no", "processor_run.reviewed", "a boolean; here a text"),
        Wrong("run-edited-as-number", "edited", 0, "processor_run.edited", "a boolean; here a number"),
        Wrong("run-edits-as-list", "edits", [], "processor_run.edits", "null or a map; here an array"),
        Wrong(
            "run-merged-unasked",
            "mergedProcessors",
            [{"processorId": "dp_1", "processorVersionId": "dpv_1", "processorName": "Other"}],
            "processor_run.merged_processors.empty",
            "empty without a workflow; here there is one",
        ),
        Wrong("run-url-null", "url", None, "processor_run.url", "a string; here null"),
        Wrong(
            "run-usage-as-number",
            "usage",
            4,
            "processor_run.usage",
            "an object; here a number",
            ("PROCESSED",),
        ),
    ],
)

plant_fields(
    registry,
    "processor_run_summary",
    "List Processor Runs",
    [
        Wrong("list-created-at-without-zone", "createdAt", _NO_ZONE, "processor_run.created_at", _UTC),
        Wrong("list-updated-at-without-zone", "updatedAt", _NO_ZONE, "processor_run.updated_at", _UTC),
    ],
)

plant_fields(
    registry,
    "usage",
    "Get Processor Run, usage",
    [Wrong("credits-as-text", "credits", "4", "processor_run.usage.credits", "a number; here a text")],
)

plant_fields(
    registry,
    "output_entry",
    "Output Types",
    [
        Wrong(
            "confidence-as-text",
            "logprobsConfidence",
            "high",
            "extraction_output.confidence",
            "a number; here a text",
        ),
    ],
)

plant_fields(
    registry,
    "citation",
    "Output Types, citations",
    [
        Wrong(
            "citation-page-as-object",
            "page",
            {"number": 1},
            "extraction_output.citations",
            "a number; here an object, as in the next version",
        )
    ],
)

plant_fields(
    registry,
    "reference",
    "ExtractionFieldResultReference",
    [
        Wrong(
            "reference-without-boxes",
            "boundingBoxes",
            MISSING,
            "extraction_output.fields.references",
            "an array of boxes; here it is missing",
        )
    ],
)

plant_fields(
    registry,
    "file",
    "Get Processor Run, files",
    [Wrong("file-without-name", "name", MISSING, "file", "a file has a name; here it is missing")],
)

plant_fields(
    registry,
    "processor",
    "List Processors",
    [
        Wrong(
            "processor-without-name",
            "name",
            MISSING,
            "processor",
            "a processor has a name; here it is missing",
        ),
        Wrong("processor-id-too-long", "id", _LONG, "processor.id", _AT_MOST),
    ],
)

plant_statuses(
    registry,
    [
        ("get_batch_processor_run", "Get Batch Processor Run", 200, 203, "get_batch_processor_run.success"),
        ("create_processor_run", "Run Processor", 200, 201, "create_processor_run.success"),
        ("get_processor_run", "Get Processor Run", 200, 203, "get_processor_run.success"),
        ("list_processor_runs", "List Processor Runs", 200, 206, "list_processor_runs.success"),
        ("cancel_processor_run", "Cancel Processor Run", 200, 202, "cancel_processor_run.success"),
        ("delete_processor_run", "Delete Processor Run", 200, 202, "delete_processor_run.success"),
        ("list_processors", "List Processors", 200, 206, "list_processors.success"),
        ("get_processor_run", "Get Processor Run, errors", 404, 400, "get_processor_run.not_found"),
        ("cancel_processor_run", "Cancel Processor Run, errors", 404, 410, "cancel_processor_run.not_found"),
        ("delete_processor_run", "Delete Processor Run, errors", 404, 410, "delete_processor_run.not_found"),
    ],
)
