"""Single answers, and invalid requests beside their valid controls."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.judging import weigh

ERROR = {"error": {"code": "not_found", "message": "refused"}}


def seen(build: ModuleType, acme: Contract, *exchanges: Any) -> tuple[dict[str, int], dict[str, list[str]]]:
    evidence = weigh(acme, exchanges)
    return dict(evidence.observations), build.found(evidence)


def test_documented_success(build: ModuleType, acme: Contract) -> None:
    observations, found = seen(build, acme, build.exchange("get_batch", 1, body=build.batch()))
    assert found == {}
    assert {"get_batch.success", "batch", "batch.id", "batch.created_at", "status.enum"} <= set(observations)
    assert "finished_at.present" not in observations


def test_other_success_status(build: ModuleType, acme: Contract) -> None:
    observations, found = seen(build, acme, build.exchange("get_batch", 1, 202, body=build.batch()))
    assert (observations, found) == ({"get_batch.success": 1}, {"get_batch.success": [""]})


@pytest.mark.parametrize("status", [200, 404])
def test_body_that_is_not_json(build: ModuleType, acme: Contract, status: int) -> None:
    _, found = seen(build, acme, build.exchange("get_batch", 1, status, text="<html>"))
    assert found == {"get_batch.success" if status == 200 else "error": [""]}


def test_documented_error(build: ModuleType, acme: Contract) -> None:
    observations, found = seen(build, acme, build.exchange("get_batch", 1, 404, body=ERROR))
    assert (observations, found) == ({"errors.documented": 1, "error": 1, "error.code": 1}, {})


@pytest.mark.parametrize("status", [302, 400, 409, 500])
def test_undocumented_error(build: ModuleType, acme: Contract, status: int) -> None:
    observations, found = seen(build, acme, build.exchange("get_batch", 1, status, body=ERROR))
    assert (observations, found) == ({"errors.documented": 1}, {"errors.documented": [""]})


def test_each_undocumented_status_is_a_finding_of_its_own(build: ModuleType, acme: Contract) -> None:
    evidence = weigh(acme, [build.exchange("get_batch", at, 400 + at % 2, body=ERROR) for at in (8, 9, 10)])
    counts = sorted(finding.count for finding in evidence.findings("errors.documented"))
    assert counts == [2]
    undocumented = [build.exchange("get_batch", at, status) for at, status in enumerate((409, 410, 409))]
    counts = sorted(finding.count for finding in weigh(acme, undocumented).findings("errors.documented"))
    assert counts == [1, 2]


def test_body_of_an_error(build: ModuleType, acme: Contract) -> None:
    body = {"error": {"code": "NOT_FOUND"}}
    _, found = seen(build, acme, build.exchange("get_batch", 1, 404, body=body))
    assert found == {"error": ["/error/message"], "error.code": ["/error/code"]}


def test_open_status_may_have_any_body(build: ModuleType, acme: Contract) -> None:
    for about in ({"text": "slow down"}, {"body": {"error": "slow down"}}, {}):
        assert seen(build, acme, build.exchange("get_batch", 1, 429, **about)) == (
            {"errors.documented": 1},
            {},
        )


@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateways_say_nothing(build: ModuleType, acme: Contract, status: int) -> None:
    assert seen(build, acme, build.exchange("get_batch", 1, status, text="bad gateway")) == ({}, {})


def test_no_answer_says_nothing(build: ModuleType, acme: Contract) -> None:
    unanswered = build.exchange("get_batch", 1, None, failure=build.failure())
    assert seen(build, acme, unanswered) == ({}, {})


@pytest.mark.parametrize("operation", [None, "other"])
def test_exchange_of_no_operation_says_nothing(
    build: ModuleType, acme: Contract, operation: str | None
) -> None:
    assert seen(build, acme, build.exchange(operation, 1, body={})) == ({}, {})


@pytest.mark.parametrize("sent", [{}, {"acme-version": "2"}])
def test_answer_in_another_version_breaks_nothing(
    build: ModuleType, acme: Contract, sent: dict[str, str]
) -> None:
    assert seen(build, acme, build.exchange("get_batch", 1, 418, body=[], sent_headers=sent)) == ({}, {})


NOT_FOUND = "get_batch.not_found"


def pair(build: ModuleType, acme: Contract, control: Any, *probes: Any) -> tuple[int, list[str]]:
    """Observations and finding messages of the probe's requirement."""
    evidence = weigh(acme, [item for item in (control, *probes) if item is not None])
    return evidence.observations[NOT_FOUND], [finding.message for finding in evidence.findings(NOT_FOUND)]


def control(build: ModuleType, status: int = 200, at: float = 1, **about: Any) -> Any:
    names = {"control_of": ["unknown-batch"], "body": build.batch(), **about}
    return build.exchange("get_batch", at, status, **names)


def probe(build: ModuleType, status: int | None = 404, **about: Any) -> Any:
    return build.exchange("get_batch", 3, status, probe="unknown-batch", **{"body": ERROR, **about})


def test_pair_that_keeps_the_contract(build: ModuleType, acme: Contract) -> None:
    assert pair(build, acme, control(build), probe(build)) == (1, [])


def test_refused_control_establishes_nothing(build: ModuleType, acme: Contract) -> None:
    for refused in (control(build, 404, body=ERROR), None):
        assert pair(build, acme, refused, probe(build, 200, body=build.batch())) == (0, [])


def test_control_of_another_probe_establishes_nothing(build: ModuleType, acme: Contract) -> None:
    assert pair(build, acme, control(build, control_of=["size-zero"]), probe(build)) == (0, [])


@pytest.mark.parametrize("status", [401, 402, 403, 407, 429, 502, 503, 504])
def test_refusal_before_the_request_was_looked_at_establishes_nothing(
    build: ModuleType, acme: Contract, status: int
) -> None:
    assert pair(build, acme, control(build), probe(build, status)) == (0, [])


def test_probe_without_answer_establishes_nothing(build: ModuleType, acme: Contract) -> None:
    unanswered = build.exchange("get_batch", 3, None, probe="unknown-batch", failure=build.failure())
    assert pair(build, acme, control(build), unanswered) == (0, [])


@pytest.mark.parametrize("status", [200, 400, 422, 500])
def test_wrong_status_is_a_finding(build: ModuleType, acme: Contract, status: int) -> None:
    message = f"the invalid request (unknown-batch) was answered {status}"
    assert pair(build, acme, control(build), probe(build, status)) == (1, [message])


def test_internal_error_that_passes_says_nothing_about_the_request(build: ModuleType, acme: Contract) -> None:
    assert pair(build, acme, control(build), probe(build, 500), probe(build, body=ERROR)) == (1, [])
    message = "the invalid request (unknown-batch) was answered 500"
    assert pair(build, acme, control(build), probe(build, 500), probe(build, 500)) == (2, [message])


def test_wrong_code_is_a_finding(build: ModuleType, acme: Contract) -> None:
    other = {"error": {"code": "invalid", "message": ""}}
    message = "the invalid request (unknown-batch) was refused with another code"
    assert pair(build, acme, control(build), probe(build, body=other)) == (1, [message])


@pytest.mark.parametrize("body", [{}, {"error": "not found"}, {"error": {"code": 404}}, []])
def test_missing_code_is_left_to_the_shape(build: ModuleType, acme: Contract, body: Any) -> None:
    assert pair(build, acme, control(build), probe(build, body=body)) == (1, [])


def test_probe_may_come_before_its_control(build: ModuleType, acme: Contract) -> None:
    assert pair(build, acme, control(build, at=9), probe(build, 200)) == (
        1,
        ["the invalid request (unknown-batch) was answered 200"],
    )


def test_one_control_may_serve_several_probes(build: ModuleType, acme: Contract) -> None:
    names = ["no-token", "unknown-token"]
    empty: dict[str, Any] = {"documents": []}
    shared = build.exchange("list_documents", 1, body=empty, control_of=names)
    probes = [
        build.exchange("list_documents", 2 + at, 200, body=empty, probe=name) for at, name in enumerate(names)
    ]
    evidence = weigh(acme, [shared, *probes])
    rests_on = sorted(finding.exchanges for finding in evidence.findings("auth.required"))
    assert (evidence.observations["auth.required"], rests_on) == (2, [["x2", "x1"], ["x3", "x1"]])


def test_probe_in_another_version_is_judged(build: ModuleType, acme: Contract) -> None:
    shared = build.exchange("list_documents", 1, body={"documents": []}, control_of=["no-version"])
    asked = build.exchange(
        "list_documents", 2, 200, body={"documents": []}, probe="no-version", sent_headers={}
    )
    evidence = weigh(acme, [shared, asked])
    assert (evidence.observations["version.required"], build.found(evidence)) == (
        1,
        {"version.required": [""]},
    )
