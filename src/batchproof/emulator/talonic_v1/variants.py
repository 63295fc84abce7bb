"""Unusual but legal behaviour: no conformance test may fail on any of it."""

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from batchproof.emulator import clocks, legal, tricks
from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, ApiError, Call, JsonObject

from .behaviour import Behaviour
from .metering import next_midnight
from .plants import registry
from .store import ACCUMULATING, FAILED, PENDING, SUBMITTED, Batch

registry.take(legal.registry)
variant = registry.variant

_MODEL_CODES = {
    "unauthorized": "AUTH_REQUIRED",
    "not_found": "RESOURCE_NOT_FOUND",
    "bad_request": "VALIDATION_ERROR",
    "validation_error": "VALIDATION_ERROR",
    "missing_document": "VALIDATION_ERROR",
    "rate_limited": "QUOTA_EXCEEDED",
    "internal_error": "INTERNAL_ERROR",
}


@variant("unknown-properties")
def unknown_properties(behaviour: Behaviour) -> None:
    """No description closes an object; here every one has a member that is not described."""
    tricks.put(behaviour, ANY, preview={"since": 1})


def _change_early_items(behaviour: Behaviour, change: Callable[[JsonObject], object]) -> None:
    def hook(body: JsonObject, _batch: Batch, _call: Call) -> None:
        if "items" in body and body["status"] in (ACCUMULATING, SUBMITTED):
            change(body)

    behaviour.on_object("batch", hook)


@variant("early-items-absent")
def early_items_absent(behaviour: Behaviour) -> None:
    """Batch Detail ("per-item breakdown when the batch is completed"): before, there are no items."""
    _change_early_items(behaviour, lambda body: body.pop("items"))


@variant("early-items-null")
def early_items_null(behaviour: Behaviour) -> None:
    """OpenAPI models, items: optional or nullable; before the end they are null."""
    _change_early_items(behaviour, lambda body: body.update(items=None))


@variant("early-items-empty")
def early_items_empty(behaviour: Behaviour) -> None:
    """Batch Detail, items: an array, which before the end is empty."""
    _change_early_items(behaviour, lambda body: body.update(items=[]))


@variant("items-in-reverse")
def items_in_reverse(behaviour: Behaviour) -> None:
    """Batch Detail, items: no order is documented; here the last comes first."""
    behaviour.on_object("batch", lambda body, *_: (body.get("items") or []).reverse())


@variant("no-error-message-after-actions")
def no_error_message_after_actions(behaviour: Behaviour) -> None:
    """Sync Batch and Cancel Batch, Response fields: error_message is not among them, though the examples have it."""

    def omit(body: JsonObject, _batch: Batch, call: Call) -> None:
        if call.operation in ("sync_batch", "cancel_batch"):
            body.pop("error_message", None)

    behaviour.on_object("batch", omit)


def _rename_status(behaviour: Behaviour, kind: str, old: str, new: str) -> None:
    tricks.put_where(behaviour, kind, old, status=new)


@variant("in-progress")
def in_progress(behaviour: Behaviour) -> None:
    """OpenAPI models, status: in_progress is a further value; here it stands where submitted is documented."""
    _rename_status(behaviour, "batch", SUBMITTED, "in_progress")


@variant("expired-batches")
def expired_batches(behaviour: Behaviour) -> None:
    """OpenAPI models, status: expired is a further value; here it stands where failed is documented."""
    _rename_status(behaviour, "batch", FAILED, "expired")


@variant("batch-queued")
def batch_queued(behaviour: Behaviour) -> None:
    """Batch Processing, Cancel Batch: documents that wait for a batch have the status batch_queued."""
    _rename_status(behaviour, "document", PENDING, "batch_queued")


@variant("epoch-reset")
def epoch_reset(behaviour: Behaviour) -> None:
    """The vendor's Python client, X-RateLimit-Reset: seconds since 1970 instead of ISO 8601."""

    def change(headers: dict[str, str], call: Call) -> None:
        if "X-RateLimit-Reset" in headers:
            headers["X-RateLimit-Reset"] = str(next_midnight(call.now) // 1000)

    behaviour.on_headers(change)


@variant("unlimited-plan")
def unlimited_plan(behaviour: Behaviour) -> None:
    """The vendor's clients, rate limits: a plan without limits has none of the three headers."""

    def change(headers: dict[str, str], _call: Call) -> None:
        for name in [name for name in headers if name.startswith("X-RateLimit-")]:
            del headers[name]

    behaviour.on_headers(change)


@variant("no-request-id")
def no_request_id(behaviour: Behaviour) -> None:
    """OpenAPI models, ErrorResponse: there is no request_id; nor is there one among the headers."""
    tricks.drop(behaviour, "error", "request_id")
    behaviour.on_headers(lambda headers, _: headers.pop("X-Request-Id", ""))


@variant("upper-case-codes")
def upper_case_codes(behaviour: Behaviour) -> None:
    """Error Format, OpenAPI models: the codes are in upper case, and there are others than on the endpoint pages."""

    def change(body: JsonObject, _refusal: ApiError, _call: Call) -> None:
        if "code" in body:
            body["code"] = _MODEL_CODES.get(body["code"], body["code"].upper())

    behaviour.on_object("error", change)


@variant("malformed-id-is-400")
def malformed_id_is_400(behaviour: Behaviour) -> None:
    """Get Job, Errors: an id that is not a UUID is a validation_error; here it is for batches, too."""
    behaviour.checks_uuids = True


@variant("duplicate-has-a-row")
def duplicate_has_a_row(behaviour: Behaviour) -> None:
    """OpenAPI models, document_id: a duplicate upload has a row of its own, linked to the first; here it has that id."""

    def change(body: JsonObject, _document: object, _call: Call) -> None:
        if body["status"] == "duplicate":
            body["document_id"] = body["existing_document_id"]

    behaviour.on_object("ingested", change)


@variant("ingest-is-202")
def ingest_is_202(behaviour: Behaviour) -> None:
    """Source Documents: the status code of the answer is not documented; here it is 202."""

    def change(answer: Answer, _call: Call) -> Answer:
        return replace(answer, status=HTTPStatus.ACCEPTED) if answer.status == 200 else answer

    behaviour.on_answer("ingest_document", change)


@variant("limit-clamped")
def limit_clamped(behaviour: Behaviour) -> None:
    """Pagination, limit: what happens above 100 is not documented; here there are never more than 100 on a page."""
    behaviour.limits.page_size = 10**9
    behaviour.on_page_size(ANY, lambda wanted, _call: min(wanted, 100))


@variant("fast-provider")
def fast_provider(behaviour: Behaviour) -> None:
    """Monitoring Batches: no duration is promised; here a new batch is completed as soon as it is submitted."""
    behaviour.pace.provider = behaviour.pace.poll = 0


@variant("threshold-of-one")
def threshold_of_one(behaviour: Behaviour) -> None:
    """Monitoring Batches: a batch is submitted at a threshold, which is configurable; here with its first document."""
    behaviour.pace.threshold = 1


@variant("sync-touches")
def sync_touches(behaviour: Behaviour) -> None:
    """Sync Batch, updated_at: the example has the time of the check; here a submitted batch is updated by it."""

    def touch(body: JsonObject, batch: Batch, call: Call) -> None:
        if call.operation == "sync_batch" and body["status"] == SUBMITTED:
            batch.touched.append(call.now)
            body["updated_at"] = behaviour.timestamp(call.now)

    behaviour.on_object("batch", touch)


# The pages of this vendor say "ISO 8601" and no more.
variant("basic-times")(clocks.basic)
variant("offsetless-times")(clocks.offsetless)
