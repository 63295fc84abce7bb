"""Invariants over the two requests of a probe, and over an object that another one names."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.invariant_checks import FUNCTIONS as DECLARED
from batchproof.contract.model import Change, Success
from batchproof.judging import weigh
from batchproof.judging.functions import FUNCTIONS

REPLAY = "submit_batch.replay"
BATCH = "document.batch"
SENT = {"documents": [{"name": "paper-1"}]}


def described(build: ModuleType, contract: Contract, name: str, *exchanges: Any) -> tuple[int, list[str]]:
    """How often ``name`` was observed, and the rules of its findings up to the second colon."""
    evidence = weigh(contract, exchanges)
    return evidence.observations[name], [finding.message for finding in evidence.findings(name)]


def submitted(build: ModuleType, at: float, identifier: str, status: int = 201, **about: Any) -> Any:
    body = build.batch(id=identifier)
    return build.exchange("submit_batch", at, status, sent=SENT, body=body, **about)


def test_repeated_request_gets_the_first_answer(build: ModuleType, acme: Contract) -> None:
    first = submitted(build, 1, "b_1", control_of=["submit-again"])
    assert described(build, acme, REPLAY, first, submitted(build, 2, "b_1", probe="submit-again")) == (2, [])
    observed, found = described(build, acme, REPLAY, first, submitted(build, 2, "b_2", probe="submit-again"))
    assert (observed, found) == (2, ["the invariant does not hold: response.id == first.response.id"])


@pytest.mark.parametrize(
    "first",
    [
        {"at": 2, "control_of": ["submit-again"]},
        {"at": 1, "control_of": ["submit-again"], "status": 422},
        {"at": 1, "control_of": ["no-documents"]},
    ],
    ids=["at-the-same-time", "refused", "of-another-probe"],
)
def test_without_an_accepted_request_before_nothing_is_compared(
    build: ModuleType, acme: Contract, first: Any
) -> None:
    about = {name: value for name, value in first.items() if name != "at"}
    control = submitted(build, first["at"], "b_1", **about)
    _, found = described(build, acme, REPLAY, control, submitted(build, 2, "b_2", probe="submit-again"))
    assert found == []


def test_repetition_is_compared_with_the_very_same_request(build: ModuleType, acme: Contract) -> None:
    same = submitted(build, 1, "b_1", control_of=["submit-again"])
    other = build.exchange(
        "submit_batch",
        2,
        201,
        sent={"documents": []},
        body=build.batch(id="b_9"),
        control_of=["submit-again"],
    )
    again = submitted(build, 3, "b_1", probe="submit-again")
    assert described(build, acme, REPLAY, same, other, again)[1] == []
    assert described(build, acme, REPLAY, other, again) == (1, [])


def test_object_that_is_named_can_be_read(build: ModuleType, acme: Contract) -> None:
    naming = build.exchange("get_document", 1, body=build.detail(batch_id="b_1"), path={"id": "d_1"})
    read = build.exchange("get_batch", 2, body=build.batch(), path={"id": "b_1"})
    assert described(build, acme, BATCH, naming, read) == (1, [])
    gone = build.exchange("get_batch", 2, 404, path={"id": "b_1"})
    observed, found = described(build, acme, BATCH, naming, gone)
    assert (observed, found) == (1, ["the invariant does not hold: status == 200 && named.count > 0"])


@pytest.mark.parametrize(
    "read",
    [
        {"at": 0},
        {"at": 2, "path": {"id": "b_2"}},
        {"at": 2, "status": 401},
        {"at": 2, "status": 500},
        {"at": 2, "status": None},
        {"at": 2, "probe": "unknown-batch"},
    ],
    ids=["before", "another", "refused-token", "broken", "no-answer", "probe"],
)
def test_other_reads_say_nothing_of_what_is_named(build: ModuleType, acme: Contract, read: Any) -> None:
    naming = build.exchange("get_document", 1, body=build.detail(batch_id="b_1"), path={"id": "d_1"})
    about = {"status": 404, "path": {"id": "b_1"}, **read}
    assert described(
        build, acme, BATCH, naming, build.exchange("get_batch", about.pop("at"), about.pop("status"), **about)
    ) == (0, [])


@pytest.mark.parametrize(
    ("status", "expected"), [(429, (1, 0)), (200, (0, 0)), (201, (1, 1)), (401, (0, 0)), (404, (1, 1))]
)
def test_token_without_quota(
    build: ModuleType, acme: Contract, status: int, expected: tuple[int, int]
) -> None:
    refused = msgspec.structs.replace(acme.probes["no-token"].refused, statuses=[429])
    probe = msgspec.structs.replace(acme.probes["no-token"], change=Change(auth="limited"), refused=refused)
    contract = dataclasses.replace(acme, probes={"no-token": probe})
    page = {"documents": [], "next": None}
    control = build.exchange("list_documents", 1, body=page, control_of=["no-token"])
    observed, found = described(
        build,
        contract,
        "auth.required",
        control,
        build.exchange("list_documents", 2, status, probe="no-token"),
    )
    assert (observed, len(found)) == expected


def test_any_of_several_statuses_is_a_success(build: ModuleType, acme: Contract) -> None:
    operations = acme.manifest.operations
    success = msgspec.structs.replace(operations["get_batch"].success, status=[200, 202])
    several = {**operations, "get_batch": msgspec.structs.replace(operations["get_batch"], success=success)}
    contract = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, operations=several))
    looks = [
        build.exchange("get_batch", at, status, body=build.batch()) for at, status in ((1, 200), (2, 202))
    ]
    assert described(build, contract, "get_batch.success", *looks)[1] == []
    assert described(build, contract, "batch.created_at", *looks)[0] > 0
    observed, found = described(build, contract, "get_batch.success", build.exchange("get_batch", 1, 201))
    assert (observed, found) == (1, ["answered 201"])
    assert isinstance(success, Success)
    assert success.described == "200 or 202"


def test_invariants_may_name_the_functions_that_there_are() -> None:
    assert set(DECLARED) == set(FUNCTIONS)
