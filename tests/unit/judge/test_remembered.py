"""What was found of a value is found once, and never mistaken for what was found of another."""

from typing import Any

import pytest

from batchproof.judge.remembered import Remembered


def counted(remembered: Remembered[int], *values: Any, by: str | None = None) -> list[int]:
    """What is remembered of values, when every look finds the next number."""
    numbers = iter(range(1, 10))
    return [remembered.of(value, lambda: next(numbers), by=by) for value in values]


def test_an_equal_value_is_not_looked_at_again() -> None:
    assert counted(Remembered(), {"a": [1, None]}, {"b": 1}, {"a": [1, None]}) == [1, 2, 1]


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
    assert counted(Remembered(), one, other) == [1, 2]


def test_each_rule_remembers_for_itself() -> None:
    remembered: Remembered[str] = Remembered()
    found = [remembered.of("value", by.upper, by=by) for by in ("one", "other")]
    assert found == ["ONE", "OTHER"]
    assert remembered.of("value", str, by="one") == "ONE"


def test_a_full_memory_is_emptied() -> None:
    assert counted(Remembered(most=2), "a", "b", "a", "c", "c", "a") == [1, 2, 1, 3, 3, 4]


def test_what_no_history_can_hold_is_looked_at_every_time() -> None:
    assert counted(Remembered(), "\ud800", "\ud800") == [1, 2]
