"""What invariants see, and the evidence of what contradicts them."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.history import Case
from batchproof.judging import weigh
from batchproof.judging.attribution import Attribution
from batchproof.judging.calls import _outdated, of_calls
from batchproof.judging.invariant_cases import _of_traversal
from batchproof.judging.snapshots import collect, in_order
from batchproof.judging.traversals import find_traversals

HEADERS = {"x-extend-api-version": "2026-02-09"}
RUN = {"object": "extract_run", "id": "exr_1", "status": "PROCESSING"}


def described(contract: Contract, requirement: str, *exchanges: Any) -> tuple[Any, str, list[str]]:
    (finding,) = weigh(contract, exchanges).findings(requirement)
    return finding.observed, finding.pointer, finding.exchanges


def rows(build: ModuleType, *names: str, **about: Any) -> dict[str, Any]:
    return {"documents": [build.document("done", id=name, **about) for name in names], "next": None}


def test_finding_tells_what_the_rule_names(build: ModuleType, acme: Contract) -> None:
    listing = build.exchange(
        "list_documents", 1, body={"documents": [1, 2], "next": None}, query={"size": "1", "status": "done"}
    )
    assert described(acme, "list_documents.size", listing) == (
        {"query": {"size": "1"}, "response": {"documents": [1, 2]}},
        "",
        ["x1"],
    )


def test_finding_on_a_traversal_tells_how_many_rows_there_were(build: ModuleType, acme: Contract) -> None:
    owner = build.exchange("get_batch", -1, body=build.batch("done", count=2))
    first = {**rows(build, "d_1"), "next": "2"}
    traversal = [
        build.exchange("list_documents", 1, body=first, query={"batch": "b_1"}),
        build.exchange("list_documents", 2, body=rows(build), query={"batch": "b_1", "after": "2"}),
    ]
    assert described(acme, "list_documents.complete", owner, *traversal) == (
        {"owner": {"id": "b_1", "count": 2}, "rows": "1 elements"},
        "",
        ["x1", "x2", "x-1"],
    )


def test_variables_and_evidence_of_a_traversal(build: ModuleType, acme: Contract) -> None:
    created = build.exchange("submit_batch", -1, 201, body=build.batch(), sent={"documents": []})
    first = {**rows(build, "d_1", "d_2"), "next": "2"}
    pages = [
        build.exchange("list_documents", 1, body=first, query={"batch": "b_1"}),
        build.exchange("list_documents", 2, body=rows(build, "d_3"), query={"batch": "b_1", "after": "2"}),
    ]
    exchanges = [created, *pages]
    (traversal,) = find_traversals(acme, exchanges, collect(acme, exchanges))
    case = _of_traversal(traversal)
    assert case.variables == {
        "rows": rows(build, "d_1", "d_2", "d_3")["documents"],
        "query": {"batch": "b_1"},
        "pages": [2, 1],
        "owner": build.batch(),
        "request": {"documents": []},
        "deleted": False,
        "about": [{"next": "2"}, {"next": None}],
        "known": [],
        "still": [],
        "details": [],
        "later": None,
    }
    assert [exchange.id for exchange in case.exchanges] == ["x1", "x2", "x-1"]
    (alone,) = find_traversals(acme, pages, collect(acme, pages))
    assert _of_traversal(alone).variables["owner"] is None
    assert [exchange.id for exchange in _of_traversal(alone).exchanges] == ["x1", "x2"]


def test_row_and_detail_are_told_apart(build: ModuleType, acme: Contract) -> None:
    listing = build.exchange("list_documents", 1, body=rows(build, "d_1"))
    detail = build.exchange("get_document", 2, body=build.detail("done", name="other"))
    assert described(acme, "document.name", listing, detail) == (
        {"row": {"name": "paper-1"}, "self": {"name": "other"}},
        "/documents/0",
        ["x1", "x2"],
    )


def test_last_looks_at_rest_are_compared(build: ModuleType, acme: Contract) -> None:
    listings = [build.exchange("list_documents", at, body=rows(build, "d_1")) for at in (1, 2)]
    details = [
        build.exchange("get_document", at, body=build.detail("done", name=name))
        for at, name in ((3, "paper-1"), (4, "other"))
    ]
    assert described(acme, "document.name", *listings, *details)[2] == ["x2", "x4"]


def run(build: ModuleType, at: float, **about: Any) -> Any:
    values = {"path": {"id": "exr_1"}, "sent_headers": HEADERS, "body": RUN, **about}
    return build.exchange(values.pop("operation", "get_extract_run"), at, **values)


def delete(build: ModuleType, at: float, **about: Any) -> Any:
    return run(build, at, operation="delete_extract_run", status=500, body={}, **about)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"at": 1.0}, True),
        ({"at": 1.0, "path": {"id": "exr_2"}}, False),
        ({"at": 1.0, "path": {}}, False),
        ({"at": 0.0, "lasts": 0.25}, True),
        ({"at": -1.0, "lasts": 1.0}, False),
        ({"at": -1.0, "lasts": 1.25}, True),
        ({"at": 2.25}, True),
        ({"at": 2.5}, False),
        ({"at": 3.0}, False),
    ],
    ids=["between", "another", "none", "during-the-look", "as-the-look-began", "into-the-look",
         "during-the-call", "as-the-call-ended", "after-the-call"],
)  # fmt: skip
def test_look_is_outdated_by_a_call_that_may_have_changed_the_object(
    build: ModuleType, extend: Contract, change: dict[str, Any], *, expected: bool
) -> None:
    look, call = run(build, 0.0), run(build, 2.0)
    before = collect(extend, [look]).last_before("extract_run", "exr_1", 1.0)
    assert before is not None
    assert _outdated(before, call, [delete(build, **change)]) is expected


def test_look_and_call_do_not_outdate_themselves(build: ModuleType, extend: Contract) -> None:
    look, call = run(build, 0.0), run(build, 2.0)
    before = collect(extend, in_order([look])).last_before("extract_run", "exr_1", 1.0)
    assert before is not None
    assert _outdated(before, call, [look, call]) is False


Described = list[tuple[Any, bool, list[str]]]


def calls(extend: Contract, name: str, *exchanges: Any) -> Described:
    """Of each case of an invariant about a call: the object before, whether it may be deleted, the evidence."""
    ordered = in_order(exchanges)
    return [
        (case.variables["before"], case.variables["deleted"], [exchange.id for exchange in case.exchanges])
        for case in of_calls(extend, name, ordered, collect(extend, ordered), Attribution(ordered))
    ]


def test_call_sees_the_last_look_before_it(build: ModuleType, extend: Contract) -> None:
    look, call = run(build, 0), run(build, 2, status=404, body={})
    assert calls(extend, "get_extract_run", look, call) == [(None, False, ["x0"]), (RUN, False, ["x0", "x2"])]
    cancel = run(build, 2, operation="cancel_extract_run")
    assert calls(extend, "cancel_extract_run", look, cancel) == [(RUN, False, ["x0", "x2"])]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"at": 1.0}, (None, True, ["x2"])),
        ({"at": 1.0, "path": {"id": "exr_2"}}, (RUN, False, ["x0", "x2"])),
        ({"at": -1.0}, (RUN, True, ["x0", "x2"])),
        ({"at": 2.25}, (None, True, ["x2"])),
        ({"at": 2.5}, (RUN, False, ["x0", "x2"])),
    ],
)
def test_call_knows_whether_its_object_may_have_been_deleted(
    build: ModuleType, extend: Contract, change: dict[str, Any], expected: Any
) -> None:
    look, call = run(build, 0), run(build, 2, status=404, body={})
    assert calls(extend, "get_extract_run", look, delete(build, **change), call)[1] == expected


@pytest.mark.parametrize(
    "other",
    [
        {"path": {}},
        {"probe": "unknown"},
        {"case": Case(mode="valid", about="odd")},
        {"status": 429},
        {"status": 500},
        {"operation": "get_batch_run"},
    ],
)
def test_what_is_no_call_to_judge_hides_no_later_one(
    build: ModuleType, extend: Contract, other: dict[str, Any]
) -> None:
    exchanges = run(build, 0, **{"body": {}, **other}), run(build, 2)
    assert calls(extend, "get_extract_run", *exchanges) == [(None, False, ["x2"])]
    unanswered = build.exchange("get_extract_run", 0, None, path={"id": "exr_1"}, sent_headers=HEADERS)
    assert calls(extend, "get_extract_run", unanswered, run(build, 2)) == [(None, False, ["x2"])]
