"""What an operator makes of one value."""

import pytest

from tools.evidence.documented import Property
from tools.evidence.paths import MISSING, changed
from tools.evidence.values import ALONE, drifted, kind

TEXT = Property(at="/name", types=("string",), values=(), time=False, owner=None)
CHOICE = TEXT._replace(values=("OPEN", "DONE"))
NOON = "2026-01-01T12:00:00.250Z"


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("missing", "a", MISSING),
        ("null", "a", None),
        ("type", "a", 7),
        ("type", None, 7),
        ("empty", "a", ""),
        ("empty", [1], []),
        ("empty", {"a": 1}, {}),
        ("more", 2, 3),
        ("less", 2, 1),
        ("rounded", 2.6, 3),
        ("rounded", 27, 30),
        ("rounded", NOON, "2026-01-01T12:00:00.000Z"),
        ("earlier", NOON, "2025-12-31T12:00:00.250Z"),
        ("later", NOON, "2026-01-02T12:00:00.250Z"),
        ("1970", NOON, "1970-01-01T00:00:00.000Z"),
        ("value", True, False),
    ],
)
def test_operator(operator, value, expected):
    assert ALONE[operator](value, TEXT) == expected


def test_next_documented_value():
    assert [ALONE["value"](value, CHOICE) for value in ("OPEN", "DONE")] == ["DONE", "OPEN"]


@pytest.mark.parametrize("operator", ["more", "less", "rounded", "earlier", "later", "1970", "value"])
def test_value_that_an_operator_does_not_fit_stays(operator):
    assert ALONE[operator]("a", TEXT) == "a"


def test_value_drifts_with_each_look():
    assert [drifted(5, steps) for steps in range(3)] == [5, 6, 7]
    assert drifted(NOON, 2) == "2026-01-01T12:00:02.250Z"


def test_kinds():
    assert [kind(value) for value in (None, True, 1, 1.0, "a", NOON, [], {})] == [
        "null",
        "boolean",
        "integer",
        "number",
        "string",
        "time",
        "array",
        "object",
    ]


def test_change_reaches_every_element():
    before = {"rows": [{"a": 1, "b": 2}, {"b": 3}]}
    assert changed(before, "/rows/*/a", lambda _: MISSING) == {"rows": [{"b": 2}, {"b": 3}]}
    assert before == {"rows": [{"a": 1, "b": 2}, {"b": 3}]}
