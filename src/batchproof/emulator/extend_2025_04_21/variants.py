"""Unusual but legal behaviour: no conformance test may fail on any of it."""

from batchproof.emulator import legal, restless, tricks
from batchproof.emulator.exchange import Call, JsonObject
from batchproof.emulator.extend_common import moves
from batchproof.emulator.extend_common.life import PENDING, PROCESSING, TERMINAL

from .behaviour import Behaviour
from .plants import registry
from .store import BatchRun, Run

registry.take(legal.registry)
variant = registry.variant

_OPTIONAL = (
    "failureReason",
    "failureMessage",
    "metadata",
    "initialOutput",
    "reviewedOutput",
    "usage",
)


@variant("unknown-properties")
def unknown_properties(behaviour: Behaviour) -> None:
    """API Versioning: new response properties are a compatible change; here every object has one.

    The output for a configuration with fields is a map by field name, which has none.
    """
    tricks.add(behaviour, previewNote={"since": 1})


@variant("null-for-absent")
def null_for_absent(behaviour: Behaviour) -> None:
    """Run Processor, example: what is optional and not there is null instead."""
    fillings = {
        "processor_run": _OPTIONAL,
        "processor_run_summary": ("usage",),
        "batch_processor_run": ("sourceId",),
        "file": ("type", "presignedUrl", "parentFileId", "contents"),
        "file_metadata": ("pageCount", "parentSplit"),
    }

    def fill(kind: str, names: tuple[str, ...]) -> None:
        behaviour.on_object(kind, lambda body, *_: [body.setdefault(name, None) for name in names])

    for kind, names in fillings.items():
        fill(kind, names)


@variant("null-page-token")
def null_page_token(behaviour: Behaviour) -> None:
    """List Processors, nextPageToken: null if there are no more results."""

    def change(body: JsonObject, content: object, _call: Call) -> None:
        if isinstance(content, list):
            body.setdefault("nextPageToken", None)

    behaviour.on_object("envelope", change)


@variant("warning")
def warning(behaviour: Behaviour) -> None:
    """List Processors, warning: an optional message."""

    def change(body: JsonObject, _content: object, call: Call) -> None:
        if call.operation == "list_processors":
            body["warning"] = "This endpoint is deprecated."

    behaviour.on_object("envelope", change)


@variant("pending-first")
def pending_first(behaviour: Behaviour) -> None:
    """Get Processor Run, status: PENDING is one of the values; here every run begins with it."""
    behaviour.pending_steps = 1


@variant("output-null-until-processed")
def output_null_until_processed(behaviour: Behaviour) -> None:
    """Older edition of Run Processor: output is null until the run is processed."""
    for status in (PENDING, PROCESSING):
        tricks.put_where(behaviour, "processor_run", status, output=None)


@variant("edits-null")
def edits_null(behaviour: Behaviour) -> None:
    """Older edition of Run Processor, example: without edits, edits is null."""
    behaviour.on_object("processor_run", lambda body, *_: body.update(edits=body["edits"] or None))


@variant("no-initial-output")
def no_initial_output(behaviour: Behaviour) -> None:
    """Get Processor Run, initialOutput: optional; here it is never there."""
    tricks.drop(behaviour, "processor_run", "initialOutput")


@variant("usage-missing")
def usage_missing(behaviour: Behaviour) -> None:
    """Get Processor Run, usage: customers on legacy billing get none."""
    for kind in ("processor_run", "processor_run_summary"):
        tricks.drop(behaviour, kind, "usage")


@variant("summary-without-type")
def summary_without_type(behaviour: Behaviour) -> None:
    """List Processor Runs, type: optional; here it is never there."""
    tricks.drop(behaviour, "processor_run_summary", "type")


@variant("unknown-failure-reason")
def unknown_failure_reason(behaviour: Behaviour) -> None:
    """Get Processor Run, failureReason: a string; the reasons are an open set."""
    tricks.put_where(behaviour, "processor_run", "FAILED", failureReason="PAPER_JAM")


@variant("fractional-metrics")
def fractional_metrics(behaviour: Behaviour) -> None:
    """Get Batch Processor Run, example: the metrics are numbers, such as 1.1."""

    def change(body: JsonObject, batch: BatchRun, call: Call) -> None:
        if batch.status(call.now) in TERMINAL:
            body.update(numFiles=1.1, numPages=1.1)

    behaviour.on_object("metrics", change)


@variant("cleared-cache-option")
def cleared_cache_option(behaviour: Behaviour) -> None:
    """Older edition of Batch Processor Run, options: clearPreProcessingCache is a further option."""
    tricks.put(behaviour, "options", clearPreProcessingCache=False)


@variant("error-without-success")
def error_without_success(behaviour: Behaviour) -> None:
    """OpenAPI description, Error: success is optional; here it is never there."""
    tricks.drop(behaviour, "error", "success")


@variant("version-optional")
def version_optional(behaviour: Behaviour) -> None:
    """Get Batch Processor Run, Headers: the version header is optional and defaults to 2025-04-21."""
    behaviour.requires_version = False


@variant("unprefixed-ids")
def unprefixed_ids(behaviour: Behaviour) -> None:
    """API Versioning: ids may lose their prefix and have up to 255 characters; here new ones have 64 and no prefix."""
    behaviour.new_id = lambda _prefix: behaviour.random_text(48)


@variant("moves-between-requests")
def moves_between_requests(behaviour: Behaviour) -> None:
    """Get Processor Run: no time is promised; here anything may move on between any two requests, and in a list."""
    kinds = ("processor_run", "processor_run_summary", "batch_processor_run")
    restless.moving_on(behaviour, kinds, moves.move)
    restless.moving_in_lists(behaviour, _move_run)


def _move_run(record: object, moment: int) -> None:
    if isinstance(record, Run):
        moves.move(record, moment)
