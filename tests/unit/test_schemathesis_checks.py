"""Our judge as checks of Schemathesis, on responses made by hand."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

from batchproof import schemathesis_checks as checks

TOKEN = "tok_canary_checks_1"
BATCH = {
    "object": "batch_run",
    "id": "bpr_1",
    "status": "PROCESSED",
    "runCount": 1,
    "createdAt": "2026-02-09T12:00:00Z",
}


def response(body: Any, status: int = 200, path: str = "/batch_runs/bpr_1", method: str = "GET") -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "x-extend-api-version": "2026-02-09"}
    sent = SimpleNamespace(method=method, url=f"http://127.0.0.1:9/v1{path}?a=b", headers=headers)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return SimpleNamespace(
        request=sent,
        status_code=status,
        headers={"Content-Type": ["application/json"]},
        content=content,
        elapsed=0.0,
    )


CASE = SimpleNamespace(body=None, meta=None)


def made_in(mode: GenerationMode, place: ParameterLocation) -> Any:
    part = SimpleNamespace(mode=mode)
    return SimpleNamespace(body=None, meta=SimpleNamespace(components={place: part}))


@pytest.mark.parametrize(
    ("method", "path", "operation", "values"),
    [
        ("GET", "/batch_runs/bpr%2F1", "get_batch_run", {"id": "bpr/1"}),
        ("POST", "/extract_runs/batch", "submit_extract_batch", {}),
        ("GET", "/extract_runs/batch", "get_extract_run", {"id": "batch"}),
        ("POST", "/extract_runs/exr_1/cancel", "cancel_extract_run", {"id": "exr_1"}),
        ("GET", "/nowhere", None, {}),
    ],
)
def test_operation_of_a_request(
    method: str, path: str, operation: str | None, values: dict[str, str]
) -> None:
    exchange = checks.exchange_of(1, response({}, path=path, method=method), CASE, 1.0)
    assert (exchange.operation, exchange.request.path) == (operation, values)
    assert exchange.request.query == [("a", "b")]
    assert TOKEN not in repr(exchange)


def test_documented_answer_passes() -> None:
    checks.batchproof_answers(None, response(BATCH), CASE)
    checks.batchproof_answers(None, response(b"<html>", 502), CASE)


def test_wrong_answer_names_its_requirement() -> None:
    with pytest.raises(AssertionError) as error:
        checks.batchproof_answers(None, response({**BATCH, "status": "lost"}), CASE)
    assert str(error.value).startswith("batch_run.status.enum (MUST): 'lost' is not one of")


def test_answers_that_are_wrong_together_are_told_at_the_end() -> None:
    history = checks.BatchproofHistory()
    for status in ("PROCESSED", "PROCESSING"):
        history.after_response(None, response({**BATCH, "status": status}), CASE)
    with pytest.raises(AssertionError, match=r"batch_run\.status\.terminal \(MUST\)"):
        history.after_run(None)


def test_nothing_is_told_twice() -> None:
    history = checks.BatchproofHistory()
    history.after_response(None, response({**BATCH, "status": "lost"}), CASE)
    history.after_run(None)


REFUSAL = {"code": "INVALID_REQUEST", "message": "no", "retryable": False, "requestId": "req_1"}


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (CASE, None),
        (made_in(GenerationMode.POSITIVE, ParameterLocation.QUERY), None),
        (made_in(GenerationMode.NEGATIVE, ParameterLocation.QUERY), "invalid"),
        (made_in(GenerationMode.NEGATIVE, ParameterLocation.BODY), "invalid"),
        (made_in(GenerationMode.NEGATIVE, ParameterLocation.HEADER), "open"),
        (made_in(GenerationMode.NEGATIVE, ParameterLocation.PATH), "open"),
    ],
)
def test_what_a_request_is(case: Any, expected: str | None) -> None:
    made = checks.exchange_of(1, response(REFUSAL, 400), case, 1.0).case
    assert (made.mode if made is not None else None) == expected


def after_a_waiting_batch(case: Any) -> list[tuple[Any, Any]]:
    waiting = response({**BATCH, "status": "PROCESSING"})
    return [(waiting, CASE), (response(REFUSAL, 400), case)]


@pytest.mark.parametrize("place", [ParameterLocation.QUERY, ParameterLocation.HEADER])
def test_an_invalid_poll_may_be_refused(place: ParameterLocation) -> None:
    history = checks.BatchproofHistory()
    for answer, case in after_a_waiting_batch(made_in(GenerationMode.NEGATIVE, place)):
        history.after_response(None, answer, case)
    history.after_run(None)


def test_a_valid_poll_may_not_be_refused() -> None:
    history = checks.BatchproofHistory()
    for answer, case in after_a_waiting_batch(made_in(GenerationMode.POSITIVE, ParameterLocation.QUERY)):
        history.after_response(None, answer, case)
    with pytest.raises(AssertionError, match=r"get_batch_run\.any_time \(MUST\)"):
        history.after_run(None)
