"""Which cases an invariant is judged on, and small steps beside them."""

from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.history import Case, Delivery, Exchange
from batchproof.judging import weigh
from batchproof.judging.changes import may_have_changed, possible_deletions
from batchproof.judging.deliveries import read_deliveries
from batchproof.judging.evidence import _short
from batchproof.judging.invariant_cases import _of_comparisons, _of_payloads
from batchproof.judging.snapshots import collect

SUMMARY, DETAIL, STEP = "auth.separate", "version.required", "auth.required"
COMPARED = "submit_batch.replay"
REFUSED, READ = "submit_batch.json", "get_batch.not_found"
MADE = "list_documents.complete"
ANSWERED = "submit_batch.documents.range"
INVARIANTS = f"""
- {{requirement: {SUMMARY}, each: snapshot, on: document, view: summary, rule: self.id != ''}}
- {{requirement: {DETAIL}, each: snapshot, on: document, view: detail, rule: self.id != ''}}
- {{requirement: {STEP}, each: step, on: document, view: detail, rule: self.id == oldSelf.id}}
- {{requirement: {COMPARED}, each: comparison, on: document, rule: self.id == oldSelf.id}}
- {{requirement: {REFUSED}, each: exchange, on: get_batch, answered: error, rule: status > 0}}
- {{requirement: {READ}, each: exchange, on: get_batch, rule: status > 0}}
- {{requirement: {MADE}, each: exchange, on: submit_batch, rule: "!shown_before"}}
- {{requirement: {ANSWERED}, each: exchange, on: "*", answered: any, rule: status > 0}}
"""
VERSION = {"x-extend-api-version": "2026-02-09"}
BATCH = {"object": "batch_run", "id": "bpr_1", "status": "PROCESSED"}


@pytest.fixture(scope="module")
def more(build: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The invented vendor's contract with invariants on rows that only probes state otherwise."""
    contract: Contract = build.acme_with_invariants(tmp_path_factory.mktemp("more"), INVARIANTS)
    return contract


def observed(contract: Contract, *exchanges: Exchange) -> dict[str, int]:
    names = (SUMMARY, DETAIL, STEP, REFUSED, READ)
    seen = weigh(contract, exchanges).observations
    return {name: seen[name] for name in names if seen[name]}


def listed(build: ModuleType, at: float, **about: Any) -> Exchange:
    body = {"documents": [build.document()], "next": None}
    return build.exchange("list_documents", at, **{"body": body, **about})


def shown(build: ModuleType, at: float, **about: Any) -> Exchange:
    return build.exchange("get_document", at, **{"body": build.detail(), **about})


def test_invariant_on_a_view_is_judged_on_that_view(build: ModuleType, more: Contract) -> None:
    assert observed(more, listed(build, 1)) == {SUMMARY: 1}
    assert observed(more, shown(build, 1)) == {DETAIL: 1}
    assert observed(more, listed(build, 1), shown(build, 2)) == {SUMMARY: 1, DETAIL: 1}
    assert observed(more, shown(build, 1), shown(build, 2)) == {DETAIL: 2, STEP: 1}


def test_step_between_looks_that_touch_is_judged(build: ModuleType, more: Contract) -> None:
    assert observed(more, shown(build, 1), shown(build, 1.5)) == {DETAIL: 2, STEP: 1}
    assert observed(more, shown(build, 1), shown(build, 1.25)) == {DETAIL: 2}


def test_looks_of_two_views_are_compared_however_closely_they_follow(
    build: ModuleType, more: Contract
) -> None:
    looks = (listed(build, 1), shown(build, 1.25), shown(build, 1.5))
    assert weigh(more, looks).observations[COMPARED] == 2
    assert weigh(more, looks[:1]).observations[COMPARED] == 0


def test_invariant_on_answers_of_one_kind_is_judged_on_these(build: ModuleType, more: Contract) -> None:
    refused = build.exchange("get_batch", 1, 404, body={"error": {"code": "not_found", "message": ""}})
    read = build.exchange("get_batch", 2, body=build.batch())
    assert observed(more, refused) == {REFUSED: 1}
    assert observed(more, read) == {READ: 1}
    assert observed(more, refused, read) == {REFUSED: 1, READ: 1}


def test_invariant_on_any_answer_is_judged_on_each_that_is_documented(
    build: ModuleType, more: Contract
) -> None:
    invalid = Case(mode="invalid", about="odd", place="query/properties/size")
    answers = [
        build.exchange("get_batch", 1, 404),
        build.exchange("get_batch", 2),
        build.exchange("list_documents", 3, case=invalid),
    ]
    others = [
        build.exchange("get_batch", 4, 418),
        build.exchange("get_batch", 5, 201),
        build.exchange("get_batch", 6, 503),
        build.exchange("get_batch", 7, None),
        build.exchange(None, 8),
    ]
    assert weigh(more, others).observations[ANSWERED] == 0
    assert weigh(more, [*others, *answers]).observations[ANSWERED] == 3


@pytest.mark.parametrize(
    "about",
    [
        {"status": None},
        {"operation": None},
        {"operation": "submit_batch", "status": 201},
        {"status": 503},
        {"case": Case(mode="open", about="odd", place="headers")},
    ],
    ids=["unanswered", "nothing-known", "another", "gateway", "open"],
)
def test_what_no_invariant_is_judged_on_hides_no_later_exchange(
    build: ModuleType, more: Contract, about: dict[str, Any]
) -> None:
    values: dict[str, Any] = {"operation": "get_batch", "status": 200, **about}
    body = {} if values["status"] is None else {"body": build.batch()}
    other = build.exchange(values.pop("operation"), 1, values.pop("status"), **body, **values)
    assert observed(more, other) == {}
    assert observed(more, other, build.exchange("get_batch", 2, body=build.batch())) == {READ: 1}


def event(payload: Any, kind: str = "batch_processor_run.processed") -> bytes:
    return msgspec.json.encode({"eventId": "evt_1", "eventType": kind, "payload": payload})


def payloads(build: ModuleType, extend: Contract, view: str | None, *bodies: bytes) -> list[Any]:
    created = build.exchange("submit_extract_batch", 1, body=BATCH, sent={"inputs": []}, sent_headers=VERSION)
    deliveries = [
        Delivery(id=f"d{at}", received_at=float(at), text=body.decode()) for at, body in enumerate(bodies, 5)
    ]
    notices = read_deliveries(extend, deliveries, [created], collect(extend, [created]))
    cases = _of_payloads(notices, "batch_run", view)
    return [(case.variables, [one.id for one in case.exchanges], case.pointer, case.times) for case in cases]


def test_objects_that_events_show_are_cases(build: ModuleType, extend: Contract) -> None:
    bodies = [
        event(BATCH, "batch.archived"),
        event({"id": "bpr_1", "data": "https://files.example/1"}),
        event({**BATCH, "id": "exr_1"}, "extract_run.processed"),
        event({**BATCH, "id": 5}),
        event(BATCH),
    ]
    expected = [({"self": BATCH, "request": {"inputs": []}, "created": True}, ["d9"], "/payload", 1)]
    assert payloads(build, extend, None, *bodies) == expected
    assert payloads(build, extend, "detail", *bodies) == expected
    assert payloads(build, extend, "summary", *bodies) == []


def test_what_an_event_shows_is_compared_with_the_last_look(build: ModuleType, extend: Contract) -> None:
    created = build.exchange("submit_extract_batch", 1, body=BATCH, sent={"inputs": []}, sent_headers=VERSION)
    texts = [event({**BATCH, "runCount": 1}), event({**BATCH, "id": "bpr_2"})]
    deliveries = [
        Delivery(id=f"d{at}", received_at=float(at), text=text.decode()) for at, text in enumerate(texts)
    ]
    snapshots = collect(extend, [created])
    notices = read_deliveries(extend, deliveries, [created], snapshots)
    (case,) = _of_comparisons(snapshots, notices, "batch_run", None)
    assert case.variables == {"oldSelf": BATCH, "self": {**BATCH, "runCount": 1}}
    assert [one.id for one in case.exchanges] == [created.id, "d0"]
    assert list(_of_comparisons(snapshots, notices, "batch_run", "summary")) == []


def test_invariant_about_an_object_is_judged_on_what_an_event_shows(
    build: ModuleType, extend: Contract
) -> None:
    created = build.exchange(
        "submit_extract_batch", 1, body={**BATCH, "runCount": 1}, sent={"inputs": [{}]}, sent_headers=VERSION
    )
    delivery = Delivery(id="d5", received_at=5.0, text=event({**BATCH, "runCount": 2}).decode())
    evidence = weigh(extend, [created], [delivery])
    (finding,) = evidence.findings("batch_run.run_count")
    assert (finding.exchanges, finding.pointer) == (["d5"], "/payload")
    assert evidence.interpretations["batch_run.form", "run-count"] == 2


@pytest.mark.parametrize(
    ("operation", "status", "path", "expected"),
    [
        ("delete_extract_run", 200, {"id": "exr_1"}, True),
        ("delete_extract_run", 399, {"id": "exr_1"}, True),
        ("delete_extract_run", 400, {"id": "exr_1"}, False),
        ("delete_extract_run", 499, {"id": "exr_1"}, False),
        ("delete_extract_run", 500, {"id": "exr_1"}, True),
        ("delete_extract_run", None, {"id": "exr_1"}, True),
        ("delete_extract_run", 200, {}, False),
        ("get_extract_run", 200, {"id": "exr_1"}, False),
        ("get_extract_run", None, {"id": "exr_1"}, False),
        ("other", 200, {"id": "exr_1"}, False),
        (None, 200, {"id": "exr_1"}, False),
    ],
)
def test_call_that_may_have_changed_an_object(
    build: ModuleType, extend: Contract, operation: Any, status: Any, path: Any, *, expected: bool
) -> None:
    exchange = build.exchange(operation, 1, status, path=path)
    assert may_have_changed(extend, exchange) is expected
    deletions = possible_deletions(extend, [exchange], "extract_run")
    assert deletions == ([exchange] if expected else [])
    assert possible_deletions(extend, [exchange], "batch_run") == []


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("x" * 298, "x" * 298),
        ("x" * 299, '"' + "x" * 299 + "…"),
        ("é" * 49, "é" * 49),
        ("é" * 50, ('"' + "\\u00e9" * 50)[:300] + "…"),
        ({"a": 1}, {"a": 1}),
        (frozenset({1}), frozenset({1})),
    ],
)
def test_observed_value_is_kept_if_it_is_short(value: Any, kept: Any) -> None:
    assert _short(value) == kept


@pytest.mark.parametrize(("first", "second", "found"), [("b_1", "b_2", 0), ("b_1", "b_1", 1)])
def test_creation_that_shows_what_was_there_before(
    build: ModuleType, more: Contract, first: str, second: str, found: int
) -> None:
    exchanges = [
        build.exchange("submit_batch", at, 201, body=build.batch(id=name), id=f"x{at}")
        for at, name in ((1, first), (2, second))
    ]
    assert sum(finding.count for finding in weigh(more, exchanges).findings(MADE)) == found


def test_creation_beside_a_look_shows_nothing_that_was_there_before(
    build: ModuleType, more: Contract
) -> None:
    made = build.exchange("submit_batch", 1, 201, body=build.batch(id="b_1"), lasts=2)
    look = build.exchange("get_batch", 2, body=build.batch(id="b_1"))
    assert not weigh(more, [look, made]).findings(MADE)
