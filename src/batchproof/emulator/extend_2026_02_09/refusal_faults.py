"""Defects of refusals: of tokens that get no work done, and of requests that are wrong in a way of their own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from batchproof.emulator.behaviour import ANY
from batchproof.emulator.exchange import Answer, Call, JsonObject
from batchproof.emulator.extend_common.behaviour import Behaviour

from .faults import doing
from .plants import registry

fault = registry.fault


@fault("rate-limit-by-another-code", breaks="error.rate_limited.code")
def rate_limit_by_another_code(behaviour: Behaviour) -> None:
    """Rate Limits: a 429 has the code RATE_LIMIT_EXCEEDED; here it has that of an internal error."""
    _where(behaviour, "code", "RATE_LIMIT_EXCEEDED", code="INTERNAL_ERROR")


@fault("rate-limit-not-retryable", breaks="error.retryable.transient")
def rate_limit_not_retryable(behaviour: Behaviour) -> None:
    """Error Codes: RATE_LIMIT_EXCEEDED is retryable; here it is not."""
    _where(behaviour, "code", "RATE_LIMIT_EXCEEDED", retryable=False)


@fault("retry-after-as-a-date", breaks="error.rate_limited.retry_after")
def retry_after_as_a_date(behaviour: Behaviour) -> None:
    """Rate Limits, Retry-After: "wait at least that many seconds"; here it is a date."""
    headers = {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}
    behaviour.on_answer(
        ANY, lambda answer, _: replace(answer, headers=headers) if answer.status == 429 else answer
    )


@fault("blocked-yet-retryable", breaks="error.retryable.permanent")
def blocked_yet_retryable(behaviour: Behaviour) -> None:
    """Error Codes: USAGE_BLOCKED is not retryable; here it is."""
    _where(behaviour, "code", "USAGE_BLOCKED", retryable=True)


@fault("doc-url-as-object", breaks="error.doc_url")
def doc_url_as_object(behaviour: Behaviour) -> None:
    """ApiError, docUrl: a string; here it is an object."""

    def change(body: JsonObject, _refusal: object, _call: Call) -> None:
        if "docUrl" in body:
            body["docUrl"] = {"href": body["docUrl"]}

    behaviour.on_object("error", change)


@fault("workspace-must-be-named", breaks="auth.workspace.optional")
def workspace_must_be_named(behaviour: Behaviour) -> None:
    """Authentication: the key of a workspace needs no x-extend-workspace-id; here a list of extract runs asks for it."""

    def refuse(answer: Answer, call: Call) -> Answer:
        if answer.status != 200 or "x-extend-workspace-id" in call.headers:
            return answer
        return Answer(400, _error("INVALID_REQUEST", call, retryable=False))

    behaviour.on_answer("list_extract_runs", refuse)


@fault("schema-of-an-array-breaks", breaks="create_extract_run.config.schema.root")
def schema_of_an_array_breaks(behaviour: Behaviour) -> None:
    """Extraction, Schema: a root that is no object is an invalid request; here the server breaks on it."""
    _break(behaviour, "create_extract_run", _schema_of_an_array)


@fault("classify-text-plain-breaks", breaks="submit_classify_batch.content_type")
def classify_text_plain_breaks(behaviour: Behaviour) -> None:
    """Batch Processing: the request has JSON; here the server breaks on a classification that is declared as text."""
    _break(behaviour, "submit_classify_batch", _declared_as_text)


@fault("split-text-plain-breaks", breaks="submit_split_batch.content_type")
def split_text_plain_breaks(behaviour: Behaviour) -> None:
    """Batch Processing: the request has JSON; here the server breaks on a splitting that is declared as text."""
    _break(behaviour, "submit_split_batch", _declared_as_text)


def _where(behaviour: Behaviour, key: str, value: Any, /, **values: Any) -> None:
    def change(body: JsonObject, _refusal: object, _call: Call) -> None:
        if body[key] == value:
            body.update(values)

    behaviour.on_object("error", change)


def _schema_of_an_array(_answer: Answer, call: Call) -> bool:
    config = doing.body_of(call).get("config")
    schema = config.get("schema") if isinstance(config, dict) else None
    return isinstance(schema, dict) and schema.get("type") == "array"


def _declared_as_text(_answer: Answer, call: Call) -> bool:
    return call.headers.get("content-type", "").startswith("text/plain")


def _break(behaviour: Behaviour, operation: str, when: Callable[[Answer, Call], bool]) -> None:
    def answered(answer: Answer, call: Call) -> Answer:
        return Answer(500, _error("INTERNAL_ERROR", call, retryable=True)) if when(answer, call) else answer

    behaviour.on_answer(operation, answered)


def _error(code: str, call: Call, *, retryable: bool) -> JsonObject:
    return {"code": code, "message": "No.", "retryable": retryable, "requestId": call.request_id}
