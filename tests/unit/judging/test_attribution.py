"""Answers that something other than the API may have given: when they count all the same."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.judging import weigh

NOT_FOUND = "get_batch.not_found"
ERROR = {"error": {"code": "refused", "message": "no"}}


def control(build: ModuleType, at: float) -> Any:
    return build.exchange("get_batch", at, body=build.batch(), control_of=["unknown-batch"])


def probe(build: ModuleType, at: float, status: int | None) -> Any:
    about = {"failure": build.failure("protocol")} if status is None else {"body": ERROR}
    return build.exchange("get_batch", at, status, probe="unknown-batch", **about)


def described(acme: Contract, requirement: str, *exchanges: Any) -> tuple[int, list[str]]:
    evidence = weigh(acme, exchanges)
    return evidence.observations[requirement], [item.message for item in evidence.findings(requirement)]


@pytest.mark.parametrize("status", [401, 402, 403, 407])
def test_refusal_of_the_caller_counts_where_the_caller_is_accepted_again(
    build: ModuleType, acme: Contract, status: int
) -> None:
    before, refused = control(build, 1), probe(build, 3, status)
    message = f"the invalid request (unknown-batch) was answered {status}"
    assert described(acme, NOT_FOUND, before, refused) == (0, [])
    assert described(acme, NOT_FOUND, before, refused, control(build, 5)) == (1, [message])


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504, 520, 527, 530, None])
def test_answer_of_a_gateway_counts_where_it_comes_back_beside_accepted_requests(
    build: ModuleType, acme: Contract, status: int | None
) -> None:
    controls = [control(build, at) for at in (1, 4, 7, 10)]
    twice = [probe(build, at, status) for at in (3, 6)]
    assert described(acme, NOT_FOUND, *controls, *twice) == (0, [])
    message = "got no answer: protocol" if status is None else f"was answered {status}"
    found = described(acme, NOT_FOUND, *controls, *twice, probe(build, 9, status))
    assert found == (3, [f"the invalid request (unknown-batch) {message}"])


def test_gateway_that_lets_the_request_through_once_says_nothing(build: ModuleType, acme: Contract) -> None:
    controls = [control(build, at) for at in (1, 4, 7, 10)]
    probes = [probe(build, 3, 503), probe(build, 6, 503), probe(build, 8, 503)]
    answered = build.exchange(
        "get_batch", 9, 404, body={"error": {"code": "not_found", "message": ""}}, probe="unknown-batch"
    )
    assert described(acme, NOT_FOUND, *controls, *probes, answered) == (1, [])


@pytest.mark.parametrize("kind", ["too_large", "unhandled"])
def test_answer_that_this_program_does_not_read_says_nothing(
    build: ModuleType, acme: Contract, kind: str
) -> None:
    controls = [control(build, at) for at in (1, 4, 7, 10)]
    unread = [
        build.exchange("get_batch", at, None, probe="unknown-batch", failure=build.failure(kind))
        for at in (3, 6, 9)
    ]
    assert described(acme, NOT_FOUND, *controls, *unread) == (0, [])


def too_late(build: ModuleType, at: float) -> Any:
    return build.exchange("get_batch", at, None, probe="unknown-batch", failure=build.failure("timeout"))


def test_answer_that_never_came_in_time_says_nothing_however_often(build: ModuleType, acme: Contract) -> None:
    controls = [control(build, at) for at in (1, 4, 7, 10)]
    assert described(acme, NOT_FOUND, *controls, *(too_late(build, at) for at in (3, 6, 9))) == (0, [])


def test_answer_that_came_too_late_is_neither_for_nor_against_a_gateway(
    build: ModuleType, acme: Contract
) -> None:
    controls = [control(build, at) for at in (1, 4, 7, 10)]
    twice = [probe(build, at, 503) for at in (3, 6)]
    assert described(acme, NOT_FOUND, *controls, *twice, too_late(build, 5)) == (0, [])
    found = described(acme, NOT_FOUND, *controls, *twice, too_late(build, 5), probe(build, 9, 503))
    assert found == (3, ["the invalid request (unknown-batch) was answered 503"])


@pytest.mark.parametrize("auth", ["none", "unknown", "malformed", "basic"])
def test_other_refusal_of_a_credential_counts_at_once(build: ModuleType, acme: Contract, auth: str) -> None:
    name = {"none": "no-token", "unknown": "unknown-token", "malformed": "malformed-token"}.get(auth, auth)
    page = {"documents": [], "next": None}
    accepted = build.exchange("list_documents", 1, body=page, control_of=[name])
    refused = build.exchange("list_documents", 3, 403, body=ERROR, probe=name, auth=auth)
    assert described(acme, "auth.required", accepted, refused) == (
        1,
        [f"the invalid request ({name}) was answered 403"],
    )


def test_limit_of_requests_says_nothing_about_a_credential(build: ModuleType, acme: Contract) -> None:
    accepted = build.exchange("list_documents", 1, body={"documents": []}, control_of=["no-token"])
    refused = build.exchange("list_documents", 3, 429, body=ERROR, probe="no-token", auth="none")
    assert described(acme, "auth.required", accepted, refused) == (0, [])


@pytest.mark.parametrize(("status", "found"), [(404, ["the body is not JSON"]), (429, []), (503, [])])
def test_page_of_a_gateway_is_no_error_body(
    build: ModuleType, acme: Contract, status: int, found: list[str]
) -> None:
    page = build.exchange("get_batch", 3, status, text="<html>")
    assert described(acme, "error", control(build, 1), page, control(build, 5))[1] == found


def test_empty_refusal_of_another_credential_is_that_of_the_api(build: ModuleType, acme: Contract) -> None:
    asked = {"status": 401, "probe": "no-token"}
    assert described(acme, "error", build.exchange("list_documents", 3, auth="none", **asked)) == (
        1,
        ["the body is not JSON"],
    )
    assert described(acme, "error", build.exchange("list_documents", 3, **asked)) == (0, [])
