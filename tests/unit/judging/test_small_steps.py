"""Small steps of judging that mutation testing found unguarded."""

from types import ModuleType

import msgspec
import pytest

from batchproof.contract import Contract
from batchproof.history import Case
from batchproof.judging import glance, judge, to_json, weigh
from batchproof.judging.evidence import Evidence
from batchproof.judging.functions import adds_up
from batchproof.judging.invariant_cases import _of_snapshots
from batchproof.judging.snapshots import collect


def test_reading_is_counted_each_time() -> None:
    evidence = Evidence()
    for interpretation in ("one", "one", "other"):
        evidence.follow("row", interpretation)
    assert evidence.observations == {"row": 3}
    assert evidence.interpretations == {("row", "one"): 2, ("row", "other"): 1}


def test_repeated_finding_keeps_what_it_said_first(build: ModuleType, acme: Contract) -> None:
    looks = [build.exchange("get_batch", at, body=build.batch("lost")) for at in (1, 2)]
    (once,) = weigh(acme, looks[:1]).findings("status.enum")
    (twice,) = weigh(acme, looks).findings("status.enum")
    assert twice == msgspec.structs.replace(once, exchanges=["x1", "x2"], count=2)


def test_look_that_ends_as_the_next_begins_came_before(build: ModuleType, acme: Contract) -> None:
    look = build.exchange("get_batch", 1, body=build.batch(), lasts=1.0)
    seen = collect(acme, [look])
    found = [seen.last_before("batch", "b_1", moment) for moment in (1.9, 2.0)]
    assert [item.exchange.id if item else None for item in found] == [None, "x1"]


@pytest.mark.parametrize("body", [{"status": "done"}, {"id": 5}, [], "b_1", None])
def test_what_has_no_id_is_no_snapshot(build: ModuleType, acme: Contract, body: object) -> None:
    assert collect(acme, [build.exchange("get_batch", 1, body=body)]).by_object == {}


def test_a_number_in_the_place_of_a_boolean_is_another_value(build: ModuleType, acme: Contract) -> None:
    looks = [
        build.exchange("get_batch", at, body=build.batch(paid=paid)) for at, paid in enumerate((True, 1, 1))
    ]
    snapshots = collect(acme, looks)
    (seen,) = snapshots.of("batch")
    assert [repr(look.value["paid"]) for look in seen] == ["True", "1", "1"]
    assert [case.times for case in _of_snapshots(snapshots, "batch", None)] == [1, 2]


def test_sum_may_differ_by_a_rounding_error() -> None:
    where = {"at": "", "parts": "/parts/*", "total": "/total"}

    def holds(total: float) -> bool:
        return bool(adds_up({"self": {"parts": [1.5, 2.5], "total": total}}, where))

    assert [holds(total) for total in (4.0, 4.0099, 4.02)] == [True, True, False]


def test_results_are_indented_json_with_a_line_break_at_the_end(build: ModuleType, acme: Contract) -> None:
    text = to_json(judge(acme, build.history())).decode()
    assert text.startswith('{\n  "')
    assert text.endswith("\n}\n")


def test_glance_counts_answers_that_do_not_look_as_documented(build: ModuleType, acme: Contract) -> None:
    answers = [
        build.exchange("get_batch", 1, body=build.batch()),
        build.exchange("get_batch", 2, body=build.batch("lost")),
        build.exchange("get_batch", 3, 409, body={}),
        build.exchange("get_batch", 4, 404, body={"error": {"code": "not_found", "message": ""}}),
        build.exchange("get_batch", 5, 404, body={}),
        build.exchange("get_batch", 6, body=build.batch("lost"), sent_headers={}),
        build.exchange("get_batch", 7, text="<html>"),
        build.exchange("get_batch", 8, 404, text="<html>"),
        build.exchange("get_batch", 9, 429, text="slow down"),
        build.exchange("get_batch", 10, None, failure=build.failure()),
        build.exchange(None, 11, 409),
    ]
    assert [glance(acme, [answer]) for answer in answers] == [0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0]
    assert glance(acme, answers) == 5


@pytest.mark.parametrize(
    ("status", "body", "odd"),
    [(404, {}, 0), (499, {}, 0), (500, {}, 1), (501, {}, 1), (200, {}, 1), (503, {}, 0)],
)
def test_glance_at_the_answer_to_a_request_that_is_left_open(
    build: ModuleType, acme: Contract, status: int, body: object, odd: int
) -> None:
    case = Case(mode="open", about="odd", place="headers")
    assert glance(acme, [build.exchange("get_batch", 1, status, body=body, case=case)]) == odd


def test_answer_without_any_body_is_not_json(build: ModuleType, acme: Contract) -> None:
    (finding,) = weigh(acme, [build.exchange("get_batch", 1)]).findings("get_batch.success")
    assert (finding.message, finding.observed) == ("the body is not JSON", "")


def test_glance_at_a_request_that_got_no_answer(build: ModuleType, acme: Contract) -> None:
    case = Case(mode="open", about="odd", place="headers")
    assert glance(acme, [build.exchange("get_batch", 1, None, case=case)]) == 0
