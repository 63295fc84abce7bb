"""What results tell besides verdicts: the claim, the documents, questions, trouble."""

import dataclasses
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.contract.model import Document
from batchproof.history import START, History, Unmet
from batchproof.judging import judge, weigh
from batchproof.judging.snapshots import collect
from batchproof.judging.verdicts import _names


def unmet(reason: Any, *operations: str) -> Unmet:
    return Unmet(scenario="t", reason=reason, detail="why", operations=list(operations))


def test_trouble_leaves_nothing_passed(acme: Contract, recorded: History) -> None:
    results = judge(
        acme, recorded._replace(unmet=(msgspec.structs.replace(unmet("target_error"), scenario=START),))
    )
    assert (results.verdict, results.exit_code, results.trouble) == ("inconclusive", 3, "why")


@pytest.mark.parametrize("other", [unmet("precondition_unmet"), unmet("target_error", "get_batch")])
def test_what_is_missing_here_and_there_is_no_trouble(
    build: ModuleType, acme: Contract, other: Unmet
) -> None:
    assert judge(acme, build.history(unmet=[other])).trouble is None


def test_results_name_the_documents_that_rows_cite(build: ModuleType, acme: Contract) -> None:
    unread = Document(title="Unread", url="https://papers.example/unread")
    documents = {**acme.manifest.documents, "unread": unread}
    contract = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, documents=documents))
    assert judge(contract, build.history()).documents == acme.manifest.documents


def test_question_is_told(build: ModuleType, acme: Contract) -> None:
    row = msgspec.structs.replace(acme.requirements["batch.id"], question="Why b_?")
    contract = dataclasses.replace(acme, requirements={**acme.requirements, row.id: row})
    assert build.row(judge(contract, build.history()), "batch.id").question == "Why b_?"


def test_all_interpretations_that_were_followed_are_told(build: ModuleType, acme: Contract) -> None:
    looks = [
        build.exchange("get_document", at, body=body)
        for at, body in enumerate((build.detail(), build.detail(id="d_2", language=None)))
    ]
    row = build.row(judge(acme, build.history(looks)), "document.language")
    assert row.detail == "the server follows: null, absent"


def test_claim_of_deliveries_alone(build: ModuleType, acme: Contract) -> None:
    history = build.history()._replace(header=build.header(webhooks="only"))
    assert judge(acme, history).claim == (
        "meets 0 of 30 MUST requirements of acme/1 (profile core); 0 failed, 0 inconclusive, "
        f"1 not testable from outside, 29 not shown by deliveries; history sha256:{build.SHA}"
    )


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ""),
        (1, " (r0)"),
        (5, " (r0, r1, r2, r3, r4)"),
        (6, " (r0, r1, r2, r3, r4 and 1 more)"),
        (7, " (r0, r1, r2, r3, r4 and 2 more)"),
    ],
)
def test_claim_names_five_rows(count: int, expected: str) -> None:
    assert _names([f"r{number}" for number in range(count)]) == expected


def test_step_back_is_the_same_finding_in_a_list_and_in_detail(build: ModuleType, acme: Contract) -> None:
    done = build.exchange("get_document", 1, body=build.detail("done"))
    back = [
        build.exchange("get_document", 2, body=build.detail("queued")),
        build.exchange("list_documents", 2.5, body={"documents": [build.document("queued")]}),
    ]
    prints = [
        [finding.fingerprint for finding in weigh(acme, [done, look]).findings("status.terminal")]
        for look in back
    ]
    assert len(prints[0]) == 1
    assert prints[0] == prints[1]


def test_look_that_shows_no_state_hides_no_later_one(build: ModuleType, acme: Contract) -> None:
    looks = [
        build.exchange("get_batch", at, body={**build.batch(), "status": status})
        for at, status in enumerate(("done", 5, "paused", "running"))
    ]
    (finding,) = weigh(acme, looks).findings("status.terminal")
    assert finding.exchanges == ["x0", "x2", "x3"]


def shown(build: ModuleType, contract: Contract, *documents: Any) -> list[tuple[str, Any]]:
    page = build.exchange("list_documents", 1, body={"documents": list(documents)})
    return [
        (seen.id, seen.status) for looks in collect(contract, [page]).by_object.values() for seen in looks
    ]


def test_status_that_is_no_text_is_none(build: ModuleType, acme: Contract) -> None:
    rows = [
        build.document(5),
        build.document(["done"], id="d_2"),
        {"id": "d_3"},
        build.document("done", id="d_4"),
    ]
    expected = [("d_1", None), ("d_2", None), ("d_3", None), ("d_4", "done")]
    assert shown(build, acme, *rows) == expected


def test_row_without_an_id_hides_no_later_one(build: ModuleType, acme: Contract) -> None:
    assert shown(build, acme, 5, {"id": 5}, build.document("done")) == [("d_1", "done")]


def test_resource_without_a_status_has_none(build: ModuleType, acme: Contract) -> None:
    plain = msgspec.structs.replace(acme.manifest.resources["document"], status=None, lifecycle=None)
    resources = {**acme.manifest.resources, "document": plain}
    contract = dataclasses.replace(acme, manifest=msgspec.structs.replace(acme.manifest, resources=resources))
    assert shown(build, contract, build.document("done")) == [("d_1", None)]
