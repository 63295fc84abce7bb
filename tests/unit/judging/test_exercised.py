"""What bodies exercise is worked out once for each form, and is the same as if each were looked at by itself."""

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract.shapes import Shapes
from batchproof.judging.exercised import _counted, exercised, thinned, typical

FILE = "resources/body.json"
ROW = {
    "x-requirement": "row",
    "type": "object",
    "properties": {
        "status": {"type": "string", "if": {"const": "DONE"}, "then": {"x-requirement": "row.done"}},
        "note": {
            "x-requirement": "row.note",
            "if": {"type": "string", "pattern": "^a"},
            "then": {"x-requirement": "row.note.a"},
        },
        "size": {
            "x-requirement": "row.size",
            "if": {"maximum": 5},
            "then": {"x-requirement": "row.size.small"},
        },
        "parts": {"type": "array", "items": {"x-requirement": "row.part", "type": ["string", "null"]}},
    },
}
PAGE = {
    "x-requirement": "page",
    "type": "object",
    "properties": {"data": {"x-requirement": "page.data", "type": "array", "items": ROW}},
}
ROWS: list[dict[str, Any]] = [
    {},
    {"status": "DONE"},
    {"status": "QUEUED"},
    {"note": "abc"},
    {"note": "bcd"},
    {"note": None},
    {"size": 4},
    {"size": 6},
    {"size": 6.5},
    {"parts": []},
    {"parts": ["a", "b"]},
    {"parts": ["a", None]},
    {"parts": ["a"] * 20},
    {"status": "DONE", "note": "abd", "size": 1, "parts": [None] * 11 + ["c"]},
]
PAGES = [
    {"data": []},
    {},
    *({"data": [row]} for row in ROWS),
    {"data": ROWS},
    {"data": ROWS[1:4]},
    {"data": ROWS * 3},
    {"data": [ROWS[1]] * 12, "more": 1},
]


def whole(shapes: Shapes, body: Any) -> Mapping[str, int] | None:
    """The same, of each body by itself."""
    return _counted(shapes, FILE, thinned(body))


@pytest.mark.parametrize("body", PAGES, ids=range(len(PAGES)))
def test_page_exercises_what_its_rows_do(build: ModuleType, tmp_path: Path, body: Any) -> None:
    shapes = build.shapes(tmp_path, PAGE)
    assert exercised(shapes, FILE, body, {}) == whole(shapes, body)


def test_no_page_is_taken_for_another(build: ModuleType, tmp_path: Path) -> None:
    shapes = build.shapes(tmp_path, PAGE)
    assert [exercised(shapes, FILE, body, {}) for body in PAGES] == [whole(shapes, body) for body in PAGES]


def test_no_body_is_taken_for_another(build: ModuleType, tmp_path: Path) -> None:
    shapes = build.shapes(tmp_path, ROW)
    assert [exercised(shapes, FILE, body, {}) for body in ROWS] == [whole(shapes, body) for body in ROWS]


@pytest.mark.parametrize("body", [{"data": [{"status": 1}]}, {"data": [{}, 1]}, {"data": 1}, []])
def test_what_does_not_fit_has_no_counts(build: ModuleType, tmp_path: Path, body: Any) -> None:
    assert exercised(build.shapes(tmp_path, PAGE), FILE, body, {}) is None


def test_rows_that_fit_only_together_are_looked_at_together(build: ModuleType, tmp_path: Path) -> None:
    many = {**PAGE, "properties": {"data": {**PAGE["properties"]["data"], "minItems": 12}}}
    shapes = build.shapes(tmp_path, many)
    counts = exercised(shapes, FILE, {"data": [{}] * 12}, {})
    assert counts is not None
    assert counts["row"] == 12


def test_row_is_looked_at_once_in_a_history(build: ModuleType, tmp_path: Path) -> None:
    shapes, rows, row = build.shapes(tmp_path, PAGE), {}, {"status": "DONE"}
    for _ in range(3):
        exercised(shapes, FILE, {"data": [row]}, rows)
    assert [found.value for found in rows.values()] == [row]


def test_typical_page_has_one_row_of_each_form(build: ModuleType, tmp_path: Path) -> None:
    page = {"data": [{"note": "ab"}, {"note": "ac"}, {"note": "b"}, {"note": None}, {"note": "c"}]}
    few = typical(build.shapes(tmp_path, PAGE), FILE, page)
    assert sorted(map(str, few["data"])) == ["{'note': 'ab'}", "{'note': 'b'}", "{'note': None}"]


def test_page_that_does_not_fit_keeps_its_rows(build: ModuleType, tmp_path: Path) -> None:
    page = {"data": [{"status": 1}, {"status": 2}]}
    assert typical(build.shapes(tmp_path, PAGE), FILE, page) == page
