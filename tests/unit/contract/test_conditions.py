"""Forms: values with the same one meet the same subschemas, and what a form does not show is known."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract.conditions import Conditions

FILE = "resources/body.json"


def conditions(build: ModuleType, folder: Path, schema: dict[str, Any], **others: Any) -> Conditions | None:
    found: Conditions | None = build.shapes(folder, schema, **others).conditions(FILE)
    return found


@pytest.mark.parametrize(
    ("test", "one", "other"),
    [
        ({"const": "a"}, "a", "b"),
        ({"enum": ["b", None]}, "a", "b"),
        ({"pattern": "^a"}, "ab", "ba"),
        ({"minLength": 3}, "ab", "abc"),
        ({"maximum": 3}, 3, 4),
        ({"type": "integer"}, 1.0, 1.5),
        ({"type": "integer"}, 1, 1.5),
        ({"required": ["a"]}, {"a": "x"}, {"b": "x"}),
        ({"minItems": 2}, ["x"], ["x", "x"]),
        ({"const": 1}, 1, True),
        ({"type": "array"}, [], {}),
    ],
)
@pytest.mark.parametrize("keyword", ["if", "not"])
def test_what_a_condition_tests_is_part_of_the_form(
    build: ModuleType, tmp_path: Path, keyword: str, test: dict[str, Any], one: Any, other: Any
) -> None:
    known = conditions(build, tmp_path, {"properties": {"at": {"allOf": [{keyword: test}]}}})
    assert known is not None
    assert known.form({"at": one}) != known.form({"at": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [({"a": "x"}, {"a": "y"}), ({"a": 1}, {"a": 2}), ({"a": ["x"]}, {"a": ["y"]}), ({"a": 1.5}, {"a": 2.5})],
)
def test_what_no_condition_tests_is_no_part_of_the_form(
    build: ModuleType, tmp_path: Path, one: Any, other: Any
) -> None:
    known = conditions(
        build, tmp_path, {"properties": {"a": {"minLength": 1, "enum": ["z"], "pattern": "q"}}}
    )
    assert known is not None
    assert known.form(one) == known.form(other)


def test_conditions_are_found_in_what_is_referred_to(build: ModuleType, tmp_path: Path) -> None:
    other = {"anyOf": [{"properties": {"a": {"const": "x"}}}, True]}
    known = conditions(build, tmp_path, {"$ref": "other.json"}, other=other)
    assert known is not None
    assert known.constants == {"x"}


@pytest.mark.parametrize(
    "schema",
    [
        {"contains": {"const": 1}},
        {"unevaluatedProperties": False},
        {"uniqueItems": True},
        {"if": {"const": {"a": 1}}},
        {"if": {"pattern": "a"}},
        {"if": {"additionalProperties": {"pattern": "a"}}},
        {"if": {"patternProperties": {"a": True}}},
    ],
    ids=str,
)
def test_conditions_that_a_form_does_not_show_are_told(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any]
) -> None:
    assert conditions(build, tmp_path, schema) is None


ROWS = {"type": "array", "items": {"if": {"const": 1}}}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"properties": {"data": ROWS, "next": {"type": "string"}}}, {"data"}),
        ({"allOf": [{"properties": {"data": {"type": "array"}}}], "properties": {"data": ROWS}}, {"data"}),
        ({"properties": {"data": {**ROWS, "minItems": 1}}}, set()),
        ({"allOf": [{"properties": {"data": {"minItems": 1}}}], "properties": {"data": ROWS}}, set()),
        ({"properties": {"data": ROWS}, "if": {"required": ["a"]}}, set()),
        ({"properties": {"data": ROWS}, "additionalProperties": False}, set()),
        ({"allOf": [{"properties": {"data": False}}], "properties": {"data": ROWS}}, set()),
        ({"properties": {"data": {"type": "array"}}}, set()),
    ],
)
def test_rows_stand_for_themselves_where_nothing_looks_at_several(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], expected: set[str]
) -> None:
    known = conditions(build, tmp_path, schema)
    assert known is not None
    assert known.rows == expected
