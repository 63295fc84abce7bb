"""Defects of answers' statuses: errors that are not documented, or others than those that are, and odd successes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from itertools import count

from batchproof.emulator.clock import from_milliseconds
from batchproof.emulator.exchange import Answer, Call
from batchproof.emulator.registry import Fault
from batchproof.emulator.talonic_v1.behaviour import Behaviour
from batchproof.emulator.talonic_v1.plants import registry

fault = registry.fault

_LENGTH_OF_UUID = 36
_LAST_OF_THE_BASIC_PLANE = "\uffff"


def refusal(call: Call, status: int, code: str) -> Answer:
    """An error that looks as documented."""
    body = {
        "statusCode": status,
        "code": code,
        "error": HTTPStatus(status).phrase,
        "message": "The request cannot be answered.",
        "retryable": status >= 500,
        "request_id": call.request_id,
        "timestamp": from_milliseconds(call.now).isoformat(timespec="milliseconds"),
        "path": call.target,
    }
    return Answer(status, body)


def _answer_otherwise(operation: str, status: int, behaviour: Behaviour) -> None:
    calls = count(1)

    def change(answer: Answer, call: Call) -> Answer:
        # a duplicate has a row of its own, which says that it is accepted
        counts = answer.status == 200 and answer.body.get("status") != "duplicate"
        return refusal(call, status, "internal_error") if counts and next(calls) % 2 == 0 else answer

    behaviour.on_answer(operation, change)


# From 500 on a status says that the server could not, so that no other row expects anything of the answer.
for _operation, _page, _status in (
    ("list_batches", "Error Handling", 501),
    ("get_batch", "Batch Detail, Errors", 507),
    ("sync_batch", "Sync Batch, Errors", 508),
    ("cancel_batch", "Cancel Batch, Errors", 507),
    ("ingest_document", "Source Documents, Errors", 507),
    ("get_document", "Get Document, Errors", 501),
    ("list_sources", "List Inputs, Errors", 508),
):
    registry.add(
        Fault(
            f"{_operation.replace('_', '-')}-sometimes-{_status}",
            f"{_operation}.errors",
            f"{_page}: the statuses are listed; here each second valid request is answered with {_status}, which is not.",
            partial(_answer_otherwise, _operation, _status),
        )
    )


def _refuse_where(
    behaviour: Behaviour, operation: str, when: Callable[[Answer, Call], bool], status: int, code: str
) -> None:
    behaviour.on_answer(
        operation, lambda answer, call: refusal(call, status, code) if when(answer, call) else answer
    )


@fault("malformed-id-is-500", breaks="get_batch.malformed_id")
def malformed_id_is_500(behaviour: Behaviour) -> None:
    """Batch Detail, id: a UUID; here something else in its place is an internal error."""

    def malformed(answer: Answer, call: Call) -> bool:
        return answer.status == 404 and len(call.path["id"]) != _LENGTH_OF_UUID

    _refuse_where(behaviour, "get_batch", malformed, 500, "internal_error")


@fault("document-not-found-is-400", breaks="get_document.not_found")
def document_not_found_is_400(behaviour: Behaviour) -> None:
    """Error Handling, 404: there is no such object; here an unknown document is answered with 400."""
    _refuse_where(behaviour, "get_document", lambda answer, _: answer.status == 404, 400, "bad_request")


@fault("id-beyond-basic-plane-crashes", breaks="error.internal")
def id_beyond_basic_plane_crashes(behaviour: Behaviour) -> None:
    """Error Codes: an internal error is the server's own; here a pictogram in the id of a document causes one."""
    _refuse_where(
        behaviour,
        "get_document",
        lambda _, call: max(call.path["id"]) > _LAST_OF_THE_BASIC_PLANE,
        500,
        "internal_error",
    )


def _succeed_otherwise(
    behaviour: Behaviour, operation: str, when: Callable[[Answer], bool], status: int
) -> None:
    behaviour.on_answer(
        operation,
        lambda answer, _: replace(answer, status=status) if answer.status == 200 and when(answer) else answer,
    )


@fault("sync-of-failed-is-206", breaks="sync_batch.success")
def sync_of_failed_is_206(behaviour: Behaviour) -> None:
    """Sync Batch: answered with 200 and the batch; here, if the batch has failed, with 206."""
    _succeed_otherwise(behaviour, "sync_batch", lambda answer: answer.body["status"] == "failed", 206)


@fault("cancel-of-submitted-is-203", breaks="cancel_batch.success")
def cancel_of_submitted_is_203(behaviour: Behaviour) -> None:
    """Cancel Batch: answered with 200 and the batch; here, if the batch was submitted already, with 203."""
    _succeed_otherwise(behaviour, "cancel_batch", lambda answer: answer.body["submitted_at"] is not None, 203)


@fault("ingest-of-new-file-is-203", breaks="ingest_document.success")
def ingest_of_new_file_is_203(behaviour: Behaviour) -> None:
    """Source Documents: answered with 200 and a description; here, if the file is no duplicate, with 203."""
    _succeed_otherwise(behaviour, "ingest_document", lambda answer: answer.body["status"] == "queued", 203)
