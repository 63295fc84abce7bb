"""Findings on shapes in full: their words, and the pattern that stands in their fingerprint."""

import hashlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.judging.evidence import Evidence
from batchproof.judging.exercised import _says_something, _structure
from batchproof.judging.shape import _asserted, judge_shape


def finding(build: ModuleType, folder: Path, schema: dict[str, Any], body: Any, requirement: str) -> Any:
    evidence = Evidence()
    shapes = build.shapes(folder, schema)
    judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, "whole")
    (found,) = evidence.findings(requirement)
    return found


def printed(build: ModuleType, requirement: str, keyword: str, pattern: str) -> str:
    text = f"{requirement}|schema:{build.SCHEMA}#{keyword}|{pattern}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("schema", "body", "message", "expected"),
    [
        ({"type": "array"}, 5, "5 is not of type 'array'", "an array"),
        ({"type": ["string", "null"]}, 5, "5 is not of type 'string', 'null'", "a text or null"),
        ({"const": "a"}, "b", "'a' was expected", 'exactly "a"'),
        ({"enum": ["a", 1]}, "b", "'b' is not one of ['a', 1]", "one of a, 1"),
        ({"pattern": "^a"}, "b", "'b' does not match '^a'", "pattern ^a"),
        ({"maximum": 5}, 7.5, "7.5 is greater than the maximum of 5", "maximum 5"),
        ({"maximum": 5.5}, 7, "7 is greater than the maximum of 5.5", "maximum 5.5"),
        ({"minItems": 2}, [1], "[1] has less than 2 items", "minItems 2"),
        ({"format": "date-time"}, "x", '"x" is not a "date-time"', "format date-time"),
        ({"not": {"type": "string"}}, "x", '{"type":"string"} is not allowed for "x"',
         "something other than what the schema excludes"),
        ({"contains": {"const": 1}}, [2], "None of [2] are valid under the given schema",
         "a value that satisfies contains"),
    ],
)  # fmt: skip
def test_words_of_a_finding(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], body: Any, message: str, expected: str
) -> None:
    found = finding(build, tmp_path, schema, body, "whole")
    assert (found.message, found.expected, found.observed, found.pointer) == (message, expected, body, "")


@pytest.mark.parametrize(
    ("schema", "body", "headline"),
    [
        ({"type": "array"}, {"a": 1}, "whole: the body is an object, not an array"),
        ({"properties": {"n": {"type": ["string", "null"]}}}, {"n": True}, "whole: n is true, not a text or null"),
        ({"properties": {"n": {"maxLength": 3}}}, {"n": "abcd"},
         "whole: n has 4 characters, documented are at most 3"),
        ({"properties": {"n": {"minItems": 2}}}, {"n": [1]},
         "whole: n has 1 element, documented are at least 2"),
        ({"properties": {"n": {"minimum": 1}}}, {"n": 0}, "whole: n is 0, less than 1"),
        ({"properties": {"n": {"maximum": 5}}}, {"n": 8}, "whole: n is 8, more than 5"),
        ({"properties": {"n": {"pattern": "^a"}}}, {"n": "b"},
         'whole: n is "b", which has another form than documented'),
        ({"properties": {"n": {"format": "uuid"}}}, {"n": "b"}, 'whole: n is "b", which is no uuid'),
        ({"properties": {"n": False}}, {"n": 1}, "whole: n is 1, and should not be there"),
        ({"properties": {"n": {"not": {"const": "b"}}}}, {"n": "b"}, 'whole: n is "b", which is not documented'),
        ({"properties": {"n": {"uniqueItems": True}}}, {"n": [1, 1]}, "whole: n holds the same element twice"),
        ({"properties": {"n": {"items": {"required": ["a"]}}}}, {"n": [{"b": 1}]}, "whole: n[0].a is missing"),
        (
            {"if": {"properties": {"s": {"const": "DONE"}}}, "then": {"properties": {"n": {"type": "null"}}}},
            {"s": "DONE", "n": 1},
            "whole: n is the number 1, not null where s is DONE",
        ),
        (
            {"if": {"properties": {"s": {"const": "DONE"}}}, "then": {"required": ["n"]}},
            {"s": "DONE"},
            "whole: n is missing where s is DONE",
        ),
    ],
)  # fmt: skip
def test_headline_of_a_finding(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], body: Any, headline: str
) -> None:
    assert finding(build, tmp_path, schema, body, "whole").headline == headline


def test_words_of_a_value_that_must_not_be_there(build: ModuleType, tmp_path: Path) -> None:
    found = finding(build, tmp_path, {"properties": {"a": False}}, {"a": 1}, "whole")
    assert (found.expected, found.observed, found.pointer) == ("no value at all", 1, "/a")


def test_name_of_a_property_has_words_of_its_own(build: ModuleType, tmp_path: Path) -> None:
    """The body fits the keyword, which speaks of its names: there are no words but those of the validator."""
    found = finding(build, tmp_path, {"propertyNames": {"maxLength": 1}}, {"ab": 1}, "whole")
    assert (found.message, found.expected) == ('"ab" is longer than 1 character', "maxLength 1")


NUMBERED = {"properties": {"n": {"type": "string"}}}


@pytest.mark.parametrize(
    ("schema", "body", "keyword", "pointer", "pattern"),
    [
        (NUMBERED, {"n": 1}, "/properties/n/type", "/n", "/n"),
        ({"items": NUMBERED}, [{"n": 1}], "/items/properties/n/type", "/0/n", "/*/n"),
        ({"prefixItems": [NUMBERED]}, [{"n": 1}], "/prefixItems/0/properties/n/type", "/0/n", "/*/n"),
        ({"additionalProperties": NUMBERED}, {"k": {"n": 1}}, "/additionalProperties/properties/n/type",
         "/k/n", "/*/n"),
        ({"patternProperties": {"d_": NUMBERED}}, {"d_1": {"n": 1}},
         "/patternProperties/d_/properties/n/type", "/d_1/n", "/*/n"),
        ({"additionalProperties": False}, {"k": 1}, "/additionalProperties", "", "/*"),
        ({"contains": {"const": 1}}, [2], "/contains", "", "/*"),
        ({"properties": {"v": {"items": {"allOf": [NUMBERED]}}}}, {"v": [{"n": 1}]},
         "/properties/v/items/allOf/0/properties/n/type", "/v/0/n", "/v/*/n"),
        ({"properties": {"items": {"type": "string"}}}, {"items": 1}, "/properties/items/type",
         "/items", "/items"),
    ],
)  # fmt: skip
def test_pattern_of_a_finding(
    build: ModuleType,
    tmp_path: Path,
    schema: dict[str, Any],
    body: Any,
    keyword: str,
    pointer: str,
    pattern: str,
) -> None:
    found = finding(build, tmp_path, schema, body, "whole")
    assert (found.pointer, found.fingerprint) == (pointer, printed(build, "whole", keyword, pattern))


@pytest.mark.parametrize("keyword", ["unevaluatedProperties", "unevaluatedItems"])
def test_pattern_of_what_no_other_keyword_looked_at(build: ModuleType, tmp_path: Path, keyword: str) -> None:
    body: Any = {"k": 1} if keyword.endswith("Properties") else [1]
    schema = {"x-requirement": {keyword: "outer", "type": "inner"}, keyword: {"type": "string"}}
    shapes = build.shapes(tmp_path, schema)
    evidence = Evidence()
    judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, "whole")
    prints = {name: [one.fingerprint for one in evidence.findings(name)] for name in ("outer", "inner")}
    assert prints == {
        "outer": [printed(build, "outer", f"/{keyword}", "/*")],
        "inner": [printed(build, "inner", f"/{keyword}/type", "/*")],
    }


def test_missing_property_in_full(build: ModuleType, tmp_path: Path) -> None:
    schema = {"items": {"required": ["id", "b", "a"]}, "x-requirement": {"required": "there"}}
    found = finding(build, tmp_path, schema, [{"b": 1, "a": 2}], "there")
    assert (found.message, found.expected, found.observed, found.pointer) == (
        "the property 'id' is missing",
        "the property 'id' is present",
        ["a", "b"],
        "/0/id",
    )
    assert found.fingerprint == printed(build, "there", "/items/required/id", "/*/id")
    nobody = finding(build, tmp_path, {"required": ["id"]}, {}, "whole")
    assert nobody.pointer == "/id"


def test_all_that_is_missing_or_wrong_is_found(build: ModuleType, tmp_path: Path) -> None:
    schema = {
        "required": ["a", "b"],
        "properties": {"c": {"required": ["d"]}, "e": {"type": "string"}, "f": {"x-requirement": {"maximum": "m"}, "type": "null"}},
    }  # fmt: skip
    shapes, evidence = build.shapes(tmp_path, schema), Evidence()
    body = {"c": {}, "e": 1, "f": 1}
    judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, "whole", "/payload")
    assert {found.pointer for found in evidence.findings("whole")} == {
        "/payload/a",
        "/payload/b",
        "/payload/c/d",
        "/payload/e",
        "/payload/f",
    }


@pytest.mark.parametrize(
    ("path", "asserted"),
    [
        ("", True),
        ("/type", True),
        ("/if", False),
        ("/if/type", False),
        ("/allOf/0/if/type", False),
        ("/not", True),
        ("/not/type", False),
        ("/properties/a/not/anyOf/0", False),
        ("/properties/if/type", True),
        ("/properties/not/type", True),
        ("/$defs/if/type", True),
        ("/then/required", True),
    ],
)
def test_what_stands_below_a_condition_or_a_negation_is_not_asserted(path: str, *, asserted: bool) -> None:
    assert _asserted(path) is asserted


@pytest.mark.parametrize(
    ("keyword", "value", "expected"),
    [
        ("maximum", 1, True),
        ("maximum", 1.5, True),
        ("maximum", True, False),
        ("maximum", "1", False),
        ("pattern", "1", True),
        ("pattern", None, False),
    ],
)
def test_keyword_that_a_requirement_owns_speaks_of_values_of_one_kind(
    keyword: str, value: Any, *, expected: bool
) -> None:
    assert _says_something(frozenset({keyword}), value) is expected


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (1, 2, True),
        (1, 1.5, False),
        (1, "1", False),
        (None, False, False),
        (True, False, False),
        ("done", "open", False),
        ("d-1", "d-2", True),
        ("d-1", "", True),
        ({"a": 1}, {"a": 2}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"a": None}, {"a": 1}, False),
        ([1, 2], [3], True),
        ([1, "d-1"], [2], False),
        ([{"a": 1}], [{"a": None}], False),
        ([], [1], False),
    ],
)
def test_structure_of_rows(one: Any, other: Any, *, alike: bool) -> None:
    assert (_structure(one) == _structure(other)) is alike


def test_what_one_schema_says_of_a_body_another_does_not(build: ModuleType, tmp_path: Path) -> None:
    other = {"x-requirement": "text", "type": "string"}
    shapes = build.shapes(tmp_path, {"x-requirement": "thing", "type": "object"}, other=other)
    evidence = Evidence()
    for file in ("body", "other"):
        judge_shape(shapes, f"resources/{file}.json", {}, build.exchange("any", 1), evidence, "whole")
    assert [len(evidence.findings(name)) for name in ("thing", "text")] == [0, 1]
