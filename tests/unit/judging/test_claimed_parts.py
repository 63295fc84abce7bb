"""A server is judged by what it claims: the rest is not applicable, whatever its operations answer."""

from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, claimed
from batchproof.history import History
from batchproof.judging import Results, glance, judge, to_json, weigh, weigh_answer

NOT_CLAIMED = ("not_applicable", "not_claimed", "needs the claim of batches")
LOST = {"code": "lost"}


def claiming(history: History, *claims: str) -> History:
    return history._replace(header=msgspec.structs.replace(history.header, claims=list(claims)))


def described(results: Results, identifier: str) -> tuple[str, str | None, str | None]:
    row = next(row for row in results.requirements if row.id == identifier)
    return row.verdict, row.reason, row.detail


def test_rows_of_what_is_not_claimed(parted: Contract, recorded: History) -> None:
    results = judge(parted, claiming(recorded, "documents"))
    assert {row.id for row in results.requirements if row.reason == "not_claimed"} == {
        "submit_batch.success",
        "submit_batch.documents.range",
        "submit_batch.json",
        "submit_batch.replay",
        "get_batch.success",
        "get_batch.not_found",
        "list_documents.complete",
        "batch",
        "batch.id",
        "batch.count",
        "batch.created_at",
        "document.batch",
    }
    assert described(results, "batch.count") == described(results, "list_documents.complete") == NOT_CLAIMED
    assert (results.verdict, results.exit_code, results.claims) == ("passed", 0, ["documents"])
    assert results.claim.startswith(
        "meets 17 of 30 MUST requirements of acme/1 (profile core, claims documents); 0 failed, "
        "0 inconclusive, 1 not testable from outside, 12 not claimed; history sha256:"
    )


def test_catalogue_is_that_of_the_whole_contract(parted: Contract, recorded: History) -> None:
    whole, part = judge(parted, recorded), judge(parted, claiming(recorded, "documents"))
    assert part.catalogue_sha256 == whole.catalogue_sha256
    assert [row.id for row in part.requirements] == [row.id for row in whole.requirements]


def test_contract_for_driving_judges_as_the_whole_one(parted: Contract, recorded: History) -> None:
    part = claimed(parted, ["documents"])
    for history in (recorded, claiming(recorded, "documents")):
        assert to_json(judge(part, history)) == to_json(judge(parted, history))
    assert (
        weigh(part, recorded.exchanges).observations == weigh(parted, recorded.exchanges).observations != {}
    )
    assert glance(part, recorded.exchanges) == glance(parted, recorded.exchanges)


def test_whoever_claims_everything_is_judged_as_whoever_claims_nothing(
    parted: Contract, recorded_broken: History
) -> None:
    whole = judge(parted, recorded_broken)
    named = judge(parted, claiming(recorded_broken, "documents", "batches"))
    assert named.claim == whole.claim.replace("profile core", "profile core, claims documents, batches")
    assert msgspec.structs.replace(named, claim=whole.claim, claims=None) == whole


def test_answers_of_what_is_not_claimed_break_nothing(build: ModuleType, parted: Contract) -> None:
    """They show nothing of the rows that apply to all operations, either."""
    about: dict[str, Any] = {"body": {"oops": 1}, "path": {"id": "b_1"}}
    answers = [build.exchange("get_batch", at, status, **about) for at, status in ((1, 404), (3, 418))]
    history = build.history(answers)
    assert {row.id for row in judge(parted, history).failed} == {"errors.documented", "error"}
    assert weigh_answer(claimed(parted, ["documents"]), history.exchanges[0]).finding_count > 0
    results = judge(parted, claiming(history, "documents"))
    assert [row.id for row in results.failed] == []
    assert [described(results, name)[0] for name in ("errors.documented", "error")] == ["inconclusive"] * 2
    row = next(row for row in results.requirements if row.id == "error")
    assert (row.observations, row.findings) == (0, [])


def test_claimed_operation_that_is_missing_is_still_a_finding(build: ModuleType, parted: Contract) -> None:
    lists = [build.exchange("list_documents", at, 404, body=LOST, id=f"l{at}") for at in (1, 3)]
    found = [build.exchange("get_document", 9, 200, body=build.detail(), path={"id": "d_1"})]
    results = judge(parted, claiming(build.history([*lists, *found]), "documents"))
    assert "list_documents.success" in [row.id for row in results.failed]


def test_shared_object_is_judged_in_claimed_answers(build: ModuleType, parted: Contract) -> None:
    odd = build.exchange("get_batch", 1, body=build.batch("odd"), path={"id": "b_1"})
    even = build.exchange("get_document", 3, body=build.detail("odd"), path={"id": "d_1"})
    for exchange, expected in ((odd, False), (even, True)):
        results = judge(parted, claiming(build.history([exchange]), "documents"))
        assert ("status.enum" in [row.id for row in results.failed]) is expected


@pytest.mark.parametrize("claims", [["documents"], ["batches"]])
def test_what_is_told_beside_verdicts_is_about_what_is_claimed(
    parted: Contract, recorded: History, claims: list[str]
) -> None:
    results = judge(parted, claiming(recorded, *claims))
    expected = {
        "documents": ["list_documents", "get_document"],
        "batches": ["submit_batch", "get_batch"],
    }
    assert list(results.breadth.operations) == expected[claims[0]]
    assert {item.operation for item in results.unexpected} <= set(expected[claims[0]])
