"""Functions of invariants: what the server sends never breaks them."""

from typing import Any

import pytest

from batchproof.contract.expressions import Bindings, Expression, NotEvaluable
from batchproof.judging.functions import adds_up, same_id, sorted_by_time

BY_TIME = {"rows": "/rows", "by": "/at", "direction": "desc"}
SUM = {"at": "/sum", "parts": "/parts/*", "total": "/total"}


@pytest.mark.parametrize("rows", [None, 5, "x", [{"at": 1}], [{"at": "2024-01-01"}], [{}]])
def test_rows_without_times_are_not_judged(rows: Any) -> None:
    with pytest.raises(NotEvaluable):
        sorted_by_time({"response": {"rows": rows}}, BY_TIME)


IDS = {"one": "/path/id", "other": "/response/id", "prefixes": "batch_run_ b_"}


@pytest.mark.parametrize(
    ("asked", "shown", "expected"),
    [("b_1", "b_1", True), ("b_1", "batch_run_1", True), ("b_1", "b_2", False), ("b_1", "c_1", False)],
)
def test_ids_are_the_same_but_for_their_prefix(asked: str, shown: str, *, expected: bool) -> None:
    assert bool(same_id({"path": {"id": asked}, "response": {"id": shown}}, IDS)) is expected


@pytest.mark.parametrize(
    ("asked", "shown", "expected"),
    [
        ("b_12345678", "b_12345678", True),
        ("b_12345678", "new.b.12345678", True),
        ("b_12345678", "12345678", True),
        ("new.b.12345678", "b_12345678", True),
        ("b_12345678", "b_12345679", False),
        ("b_12345678", "b_123456780", False),
        ("b_1", "c_1", False),
        ("12345678", "87654321", False),
    ],
)
def test_any_prefix_may_have_come_or_gone(asked: str, shown: str, *, expected: bool) -> None:
    arguments = {**IDS, "prefixes": "*"}
    assert bool(same_id({"path": {"id": asked}, "response": {"id": shown}}, arguments)) is expected


def test_what_is_no_id_is_not_compared() -> None:
    with pytest.raises(NotEvaluable):
        same_id({"path": {"id": "b_1"}, "response": {"id": 1}}, IDS)


def test_rows_that_may_have_moved_are_left_out() -> None:
    times = ["2024-01-01T00:00:08Z", "2024-01-01T00:00:09Z", "2024-01-01T00:00:03Z", "2024-01-01T00:00:02Z"]
    response = {"rows": [{"at": time} for time in times]}
    assert bool(sorted_by_time({"response": response}, BY_TIME)) is False
    assert bool(sorted_by_time({"response": response}, {**BY_TIME, "settled": "2"})) is True
    response["rows"].reverse()
    assert bool(sorted_by_time({"response": response}, {**BY_TIME, "settled": "2"})) is False


@pytest.mark.parametrize("rows", [[], [{"at": "2024-01-01T00:00:09Z"}] * 3])
def test_without_two_settled_rows_no_order_is_seen(rows: Any) -> None:
    with pytest.raises(NotEvaluable):
        sorted_by_time({"response": {"rows": rows}}, {**BY_TIME, "settled": "1"})


def test_response_without_rows_is_in_order() -> None:
    assert bool(sorted_by_time({"response": {}}, BY_TIME)) is True


@pytest.mark.parametrize(("total", "expected"), [(0.01, True), (0.011, False), (-0.01, True)])
def test_sum_may_differ_by_a_hundredth(total: float, *, expected: bool) -> None:
    assert bool(adds_up({"self": {"sum": {"parts": [0.0], "total": total}}}, SUM)) is expected


@pytest.mark.parametrize(
    ("parts", "total", "expected"),
    [
        ([0.33, 0.33, 0.33], 1, True),
        ([0.33, 0.33, 0.33], 0.97, True),
        ([0.33, 0.33, 0.33], 1.02, False),
        ([0.1] * 10, 1.0, True),
        ([1], 1.02, False),
        ([1e9, 1e-9], 1e9, True),
    ],
)
def test_sum_of_rounded_parts(parts: list[float], total: float, *, expected: bool) -> None:
    assert bool(adds_up({"self": {"sum": {"parts": parts, "total": total}}}, SUM)) is expected


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["20240102T000000Z", "2024-01-01T00:00:00+0000"], True),
        (["2024-01-01T00:00:00", "2024-01-01T00:00:00.9Z"], True),
        (["2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z"], False),
    ],
)
def test_rows_in_order_whatever_the_form_of_their_times(times: list[str], *, expected: bool) -> None:
    assert bool(sorted_by_time({"response": {"rows": [{"at": at} for at in times]}}, BY_TIME)) is expected


@pytest.mark.parametrize("parts", [[10**400], ["1"], [True]])
def test_parts_that_are_no_numbers_are_not_judged(parts: list[Any]) -> None:
    with pytest.raises(NotEvaluable):
        adds_up({"self": {"sum": {"parts": parts, "total": 1}}}, SUM)


@pytest.mark.parametrize(
    "source", ["self.a[5] == 1", "1 / self.zero == 1", "1 % self.zero == 1", "self.b == 1"]
)
def test_expressions_that_lead_nowhere_are_not_judged(source: str) -> None:
    with pytest.raises(NotEvaluable):
        Expression(source).holds(Bindings({"self": {"a": [1], "zero": 0}}))
