"""Valid requests: one bad answer is an accident, the same one again is what the server does."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.judging import judge, weigh
from batchproof.report.unexpected import unexpected_lines

SUCCESS = "get_batch.success"
ERROR = {"error": {"code": "refused", "message": "no"}}


def read(build: ModuleType, at: float, status: int | None = 200, **about: Any) -> Any:
    shown = {"body": build.batch() if status == 200 else ERROR}
    if status is None:
        shown = {"failure": build.failure("protocol")}
    return build.exchange("get_batch", at, status, path={"id": "b_1"}, **shown, **about)


def listed(build: ModuleType, at: float) -> Any:
    return build.exchange("list_documents", at, body={"documents": [], "next": None})


def messages(acme: Contract, *exchanges: Any, requirement: str = SUCCESS) -> list[str]:
    return [finding.message for finding in weigh(acme, exchanges).findings(requirement)]


@pytest.mark.parametrize("status", [400, 404, 409, 500])
def test_object_that_was_shown_and_cannot_be_read(build: ModuleType, acme: Contract, status: int) -> None:
    bad = [read(build, at, status) for at in (3, 5)]
    assert messages(acme, read(build, 1), *bad, listed(build, 9)) == [
        f"a valid request was answered {status}, 2 times"
    ]


@pytest.mark.parametrize("status", [502, 503, 520, None])
def test_gateway_has_more_accidents(build: ModuleType, acme: Contract, status: int | None) -> None:
    bad = [read(build, at, status) for at in (3, 5, 7)]
    described = "got no answer: protocol" if status is None else f"was answered {status}"
    assert messages(acme, read(build, 1), *bad[:2], listed(build, 9)) == []
    assert messages(acme, read(build, 1), *bad, listed(build, 9)) == [f"a valid request {described}, 3 times"]


def too_late(build: ModuleType, at: float) -> Any:
    failure = build.failure("timeout")
    return build.exchange("get_batch", at, None, path={"id": "b_1"}, failure=failure)


def test_answer_that_never_came_in_time_is_told_and_breaks_nothing(build: ModuleType, acme: Contract) -> None:
    looks = [read(build, 1), *(too_late(build, at) for at in (3, 5, 7)), listed(build, 9)]
    assert messages(acme, *looks) == []
    unexpected = judge(acme, build.history(looks)).unexpected
    assert [(item.answer, item.count) for item in unexpected] == [("no answer: timeout", 3)]


def test_answer_that_came_too_late_lies_between_bad_ones(build: ModuleType, acme: Contract) -> None:
    looks = [read(build, 1), read(build, 3, 500), too_late(build, 5), read(build, 7, 500), listed(build, 9)]
    assert messages(acme, *looks) == ["a valid request was answered 500, 2 times"]


def test_good_answer_in_between(build: ModuleType, acme: Contract) -> None:
    looks = [read(build, 1), read(build, 3, 500), read(build, 5), read(build, 7, 500), listed(build, 9)]
    assert messages(acme, *looks) == []


def test_answers_within_a_moment(build: ModuleType, acme: Contract) -> None:
    looks = [read(build, 1), read(build, 3, 404, lasts=0.1), read(build, 3.2, 404, lasts=0.1)]
    assert messages(acme, *looks, listed(build, 9)) == []


def test_server_that_is_not_back(build: ModuleType, acme: Contract) -> None:
    assert messages(acme, read(build, 1), read(build, 3, 500), read(build, 5, 500)) == []


def test_object_that_nobody_was_shown(build: ModuleType, acme: Contract) -> None:
    assert messages(acme, read(build, 3, 404), read(build, 5, 404), listed(build, 9)) == []


@pytest.mark.parametrize(
    "about", [{"auth": "second"}, {"probe": "unknown-batch"}], ids=["another caller", "a probe"]
)
def test_request_that_is_not_valid(build: ModuleType, acme: Contract, about: dict[str, Any]) -> None:
    bad = [read(build, at, 404, **about) for at in (3, 5)]
    assert messages(acme, read(build, 1), *bad, listed(build, 9)) == []


def submitted(build: ModuleType, at: float, status: int, number: int, **sent: Any) -> Any:
    body = build.batch() if status == 201 else ERROR
    documents = [{"name": f"paper-{number}"}]
    return build.exchange("submit_batch", at, status, sent={"documents": documents, **sent}, body=body)


def test_submission_that_is_refused_now_and_then(build: ModuleType, acme: Contract) -> None:
    sent = [submitted(build, at, status, int(at)) for at, status in ((1, 201), (3, 422), (5, 422), (7, 201))]
    assert messages(acme, *sent, requirement="submit_batch.success") == [
        "a valid request was answered 422, 2 times"
    ]


def test_submission_that_is_always_refused_may_lack_something(build: ModuleType, acme: Contract) -> None:
    sent = [submitted(build, at, 422, int(at)) for at in (1, 3, 5)]
    assert messages(acme, *sent, listed(build, 9), requirement="submit_batch.success") == []


def test_submission_that_the_server_breaks_on(build: ModuleType, acme: Contract) -> None:
    sent = [submitted(build, at, 500, int(at)) for at in (1, 3, 5)]
    assert messages(acme, *sent, listed(build, 9), requirement="submit_batch.success") == [
        "a valid request was answered 500, 3 times"
    ]


@pytest.fixture
def stopping(acme: Contract) -> Contract:
    stop = msgspec.structs.replace(acme.manifest.operations["get_batch"], method="POST", reads=None)
    operations = {**acme.manifest.operations, "stop_batch": stop}
    return dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, operations=operations))


@pytest.mark.parametrize(
    ("statuses", "described"),
    [
        ((500, 500), ["a valid request was answered 500, 2 times"]),
        ((500, 404, 500), ["a valid request was answered 500, 2 times"]),
        ((500, 200, 500), []),
        ((404, 404), []),
        ((None, None), []),
        ((None, None, None), ["a valid request got no answer: protocol, 3 times"]),
        ((522, 525, 520, 200), ["a valid request was answered 520, 3 times"]),
        ((522, 400, 525, 520, 200), []),
        ((522, 525, 520, 400, 200), ["a valid request was answered 520, 3 times"]),
        ((500, 400, 500, 200), ["a valid request was answered 500, 2 times"]),
        ((522, 400, 525, 520), ["a valid request was answered 520, 3 times"]),
    ],
)
def test_action_that_the_server_breaks_on(
    build: ModuleType, stopping: Contract, statuses: tuple[int | None, ...], described: list[str]
) -> None:
    def stopped(at: float, status: int | None) -> Any:
        shown = {"body": build.batch() if status == 200 else ERROR}
        if status is None:
            shown = {"failure": build.failure("protocol")}
        return build.exchange("stop_batch", at, status, path={"id": f"b_{at}"}, **shown)

    sent = [stopped(2.0 * at + 1, status) for at, status in enumerate(statuses)]
    assert messages(stopping, *sent, listed(build, 20)) == described


def test_list_that_is_not_shown(build: ModuleType, acme: Contract) -> None:
    bad = [build.exchange("list_documents", at, 500, body=ERROR) for at in (3, 5)]
    found = messages(acme, read(build, 1), *bad, read(build, 9), requirement="list_documents.success")
    assert found == ["a valid request was answered 500, 2 times"]


def test_unexpected_answers_are_told_whether_they_break_anything_or_not(
    build: ModuleType, acme: Contract
) -> None:
    looks = [read(build, 1), read(build, 3, 500), read(build, 5), read(build, 7, None)]
    results = judge(acme, build.history(looks))
    described = [(item.operation, item.answer, item.count, item.exchanges) for item in results.unexpected]
    assert described == [("get_batch", "500", 1, ["x3"]), ("get_batch", "no answer: protocol", 1, ["x7"])]
    assert unexpected_lines(results)[0] == "get_batch: 500, once (x3)"


def test_submission_that_is_refused_once_between_two_that_are_accepted(
    build: ModuleType, acme: Contract
) -> None:
    def described(status: int) -> list[str]:
        sent = [submitted(build, at, answer, int(at)) for at, answer in ((1, 201), (3, status), (5, 201))]
        return messages(acme, *sent, requirement="submit_batch.success")

    assert described(422) == ["a valid request was answered 422, 1 times"]
    assert described(409) == described(401) == described(500) == []


def test_token_that_is_refused_now_and_then(build: ModuleType, acme: Contract) -> None:
    looks = [read(build, at, 401 if at in (4, 5, 7) else 200) for at in (1, 3, 4, 5, 6, 7, 8)]
    assert messages(acme, *looks, listed(build, 9)) == ["a valid request was answered 401, 3 times"]
    assert messages(acme, *looks[:-1], listed(build, 9)) == []


@pytest.mark.parametrize(("status", "times"), [(500, 2), (503, 3), (None, 3), (404, 9)])
def test_object_that_nobody_was_shown_and_that_breaks_the_server(
    build: ModuleType, acme: Contract, status: int | None, times: int
) -> None:
    bad = [read(build, 3 + 2 * number, status) for number in range(times)]
    described = messages(acme, *bad, listed(build, 90))
    assert len(described) == (status != 404)
    assert messages(acme, *bad[:1], listed(build, 90)) == []


def test_object_that_is_new_may_be_unknown_for_a_moment(build: ModuleType, acme: Contract) -> None:
    def described(status: int) -> int:
        bad = [read(build, at, status, lasts=0.1) for at in (1.6, 2.8)]
        return len(messages(acme, read(build, 1), *bad, listed(build, 9)))

    assert (described(404), described(500)) == (0, 1)
