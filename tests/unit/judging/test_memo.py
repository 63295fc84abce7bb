"""What was found of a value is found once, and never mistaken for what was found of another."""

from typing import Any

import pytest

from batchproof.judging.memo import Memo, ObjectMemo


def counted(memo: Memo[int], *values: Any, by: str | None = None) -> list[int]:
    """What is remembered of values, when every look finds the next number."""
    numbers = iter(range(1, 10))
    return [memo.of(value, lambda: next(numbers), by=by) for value in values]


def test_an_equal_value_is_not_looked_at_again() -> None:
    assert counted(Memo(), {"a": [1, None]}, {"b": 1}, {"a": [1, None]}) == [1, 2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (0, None),
        (0.0, -0.0),
        ("1", 1),
        ([], {}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_values_that_read_differently_are_told_apart(one: Any, other: Any) -> None:
    assert counted(Memo(), one, other) == [1, 2]


def test_each_rule_remembers_for_itself() -> None:
    memo: Memo[str] = Memo()
    found = [memo.of("value", by.upper, by=by) for by in ("one", "other")]
    assert found == ["ONE", "OTHER"]
    assert memo.of("value", str, by="one") == "ONE"


def test_a_full_memory_is_emptied() -> None:
    assert counted(Memo(most=2), "a", "b", "a", "c", "c", "a") == [1, 2, 1, 3, 3, 4]


def test_what_no_history_can_hold_is_looked_at_every_time() -> None:
    assert counted(Memo(), "\ud800", "\ud800") == [1, 2]


def objects_counted(*rows: list[Any]) -> list[int]:
    """What is remembered of several values at once, when every look finds the next number."""
    numbers = iter(range(1, 10))
    memo: ObjectMemo[int] = ObjectMemo()
    return [memo.of(row, lambda: next(numbers)) for row in rows]


def test_the_same_objects_are_not_looked_at_again() -> None:
    body, other = {"a": [1]}, {"a": [1]}
    assert objects_counted([body, True], [other, True], [body, True], [body, False], [body, 1]) == [
        1,
        2,
        1,
        3,
        4,
    ]


def test_a_list_put_together_anew_of_the_same_objects_is_the_same() -> None:
    row, other = {"a": [1]}, {"a": [2]}
    assert objects_counted([[row, other]], [[row, other]], [[other, row]], [[row]]) == [1, 1, 2, 3]


def test_scalars_by_name_are_compared_by_value_and_type() -> None:
    asked = [[{"q": "x"}], [{"q": "x"}], [{"q": "y"}], [{"q": 1}], [{"q": True}], [{"q": None}], [{"q": 1}]]
    assert objects_counted(*asked) == [1, 1, 2, 3, 4, 5, 3]
