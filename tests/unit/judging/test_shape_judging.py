"""Shapes: which requirement a broken keyword is charged to, and what counts as an observation."""

import copy
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.judging.evidence import Evidence
from batchproof.judging.exercised import thinned
from batchproof.judging.shape import judge_shape

Judged = tuple[dict[str, int], dict[str, list[str]]]
Judge = Callable[..., Judged]
FALLBACK = "whole"


@pytest.fixture
def judged(build: ModuleType, tmp_path: Path) -> Judge:
    """Judges a body by a schema: observations of each requirement, and the pointers of its findings."""

    def judge(schema: dict[str, Any], body: Any, **others: dict[str, Any]) -> Judged:
        evidence = Evidence()
        shapes = build.shapes(tmp_path, schema, **others)
        judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, FALLBACK)
        return dict(evidence.observations), build.found(evidence)

    return judge


NESTED = {
    "x-requirement": "outer",
    "type": "object",
    "properties": {
        "near": {"x-requirement": "inner", "properties": {"leaf": {"type": "string"}}},
        "far": {"properties": {"leaf": {"type": "string"}}},
    },
}


def test_finding_is_charged_to_the_nearest_requirement(judged: Judge) -> None:
    near = judged(NESTED, {"near": {"leaf": 1}})
    far = judged(NESTED, {"far": {"leaf": 1}})
    assert (near[1], far[1]) == ({"inner": ["/near/leaf"]}, {"outer": ["/far/leaf"]})


def test_body_that_fits_is_observed_without_findings(judged: Judge) -> None:
    assert judged(NESTED, {"near": {"leaf": "a"}}) == ({"outer": 1, "inner": 1, "whole": 1}, {})


def test_what_fits_in_a_body_that_does_not_is_observed(judged: Judge) -> None:
    schema = {
        **NESTED,
        "properties": {**NESTED["properties"], "good": {"x-requirement": "good", "type": "null"}},
    }
    observations, _ = judged(schema, {"near": {"leaf": 1}, "good": None})
    assert observations == {"outer": 1, "inner": 1, "good": 1, "whole": 1}
    typed = {"required": ["v", "w"], "properties": NULLABLE["properties"]}
    assert judged(typed, {"v": "a"})[0] == {"form": 1, "kind": 1, "whole": 1}
    assert judged(typed, {"v": None})[0] == {"kind": 1, "whole": 1}


def test_body_that_is_no_object_at_all(judged: Judge) -> None:
    assert judged(NESTED, [])[1] == {"outer": [""]}


def test_without_any_requirement_the_operation_is_charged(judged: Judge) -> None:
    assert judged({"type": "object"}, []) == ({"whole": 1}, {"whole": [""]})


def test_requirement_behind_a_reference(judged: Judge) -> None:
    schema = {"x-requirement": "outer", "properties": {"status": {"$ref": "status.json"}}}
    status = {"x-requirement": {"enum": "status.enum", "*": "status.type"}, "type": "string", "enum": ["a"]}
    assert judged(schema, {"status": "b"}, status=status)[1] == {"status.enum": ["/status"]}
    assert judged(schema, {"status": 1}, status=status)[1] == {
        "status.enum": ["/status"],
        "status.type": ["/status"],
    }
    assert judged(schema, {"status": "a"}, status=status)[1] == {}


MAPPED = {
    "x-requirement": "outer",
    "properties": {
        "n": {"x-requirement": {"maximum": "range", "*": "kind"}, "type": "integer", "maximum": 5}
    },
}


@pytest.mark.parametrize(("value", "charged"), [(3, {}), (6, {"range": ["/n"]}), ("x", {"kind": ["/n"]})])
def test_map_charges_keyword_by_keyword(judged: Judge, value: Any, charged: dict[str, list[str]]) -> None:
    assert judged(MAPPED, {"n": value})[1] == charged


REQUIRED = {
    "x-requirement": "outer",
    "required": ["a", "b", "c", "d"],
    "properties": {
        "a": {"x-requirement": "a.text"},
        "b": {"x-requirement": {"type": "b.type", "maxLength": "b.length"}, "type": "string", "maxLength": 3},
        "c": {"x-requirement": {"required": "c.there", "*": "c.rest"}, "type": "string"},
    },
}


def test_missing_property_is_charged_to_its_own_requirement(judged: Judge) -> None:
    expected = {"a.text": ["/a"], "b.type": ["/b"], "c.there": ["/c"], "outer": ["/d"]}
    assert judged(REQUIRED, {})[1] == expected
    assert judged(REQUIRED, {"a": 1, "b": "x", "c": "x", "d": 1})[1] == {}


ALTERNATIVES = {
    "x-requirement": "outer",
    "anyOf": [
        {"x-requirement": "text", "type": "string", "maxLength": 2},
        {"x-requirement": "number", "type": "integer", "minimum": 10},
    ],
}


@pytest.mark.parametrize("body", ["ab", 10])
def test_branch_of_anyof_that_another_branch_makes_good_is_no_finding(judged: Judge, body: Any) -> None:
    assert judged({"x-requirement": "outer", "properties": {"v": ALTERNATIVES}}, {"v": body})[1] == {}


@pytest.mark.parametrize("body", ["ab", 10])
def test_good_alternative_beside_another_defect_is_no_finding(judged: Judge, body: Any) -> None:
    schema = {
        "x-requirement": "outer",
        "properties": {"v": ALTERNATIVES, "w": {"x-requirement": "w", "type": "null"}},
    }
    assert judged(schema, {"v": body, "w": 1})[1] == {"w": ["/w"]}


def test_no_alternative_fits(judged: Judge) -> None:
    found = judged({"x-requirement": "outer", "properties": {"v": ALTERNATIVES}}, {"v": "abc"})[1]
    assert found == {"number": ["/v"], "text": ["/v"]}


CONDITION = {
    "x-requirement": "outer",
    "if": {"required": ["status"], "properties": {"status": {"const": "done"}}},
    "then": {"x-requirement": "end.present", "required": ["end"]},
}


def test_branch_that_never_applied_was_never_observed(judged: Judge) -> None:
    observations, found = judged(CONDITION, {"status": "queued"})
    assert (observations, found) == ({"outer": 1, "whole": 1}, {})


def test_branch_that_applied_was_observed(judged: Judge) -> None:
    assert judged(CONDITION, {"status": "done", "end": 1}) == ({"outer": 1, "end.present": 1, "whole": 1}, {})
    assert judged(CONDITION, {"status": "done"})[1] == {"end.present": ["/end"]}


def test_condition_itself_is_no_finding_even_where_something_else_is_broken(judged: Judge) -> None:
    schema = {**CONDITION, "properties": {"status": {"x-requirement": "status", "type": "string"}}}
    assert judged(schema, {"status": 1})[1] == {"status": ["/status"]}


NULLABLE = {
    "x-requirement": "outer",
    "properties": {
        "v": {"x-requirement": {"pattern": "form", "*": "kind"}, "type": ["string", "null"], "pattern": "^a"}
    },
}


def test_typed_keyword_is_not_observed_on_null(judged: Judge) -> None:
    assert judged(NULLABLE, {"v": None}) == ({"outer": 1, "kind": 1, "whole": 1}, {})
    assert judged(NULLABLE, {"v": "a"}) == ({"outer": 1, "kind": 1, "form": 1, "whole": 1}, {})
    assert judged(NULLABLE, {"v": "b"})[1] == {"form": ["/v"]}


def test_contains_is_charged_once(judged: Judge) -> None:
    schema = {
        "x-requirement": "outer",
        "properties": {"v": {"x-requirement": "one", "contains": {"const": 1}}},
    }
    assert judged(schema, {"v": [2, 3]})[1]["one"] != []
    assert judged(schema, {"v": [2, 1]})[1] == {}


ROWS = {
    "x-requirement": "list",
    "properties": {"rows": {"items": {"x-requirement": "row", "required": ["id"], "properties": {"id": {"type": "string"}}}}},
}  # fmt: skip


@pytest.mark.parametrize("place", [0, 499, 999])
def test_one_bad_row_among_a_thousand_is_found(judged: Judge, place: int) -> None:
    rows: list[Any] = [{"id": f"d_{number}"} for number in range(1_000)]
    assert judged(ROWS, {"rows": rows})[1] == {}
    rows[place] = {"id": place}
    assert judged(ROWS, {"rows": rows})[1] == {"row": [f"/rows/{place}/id"]}


def test_a_thousand_like_rows_are_one_observation(judged: Judge) -> None:
    rows = [{"id": f"d-{number}"} for number in range(1_000)]
    assert judged(ROWS, {"rows": rows})[0] == {"list": 1, "row": 1, "whole": 1}


def test_rows_that_a_condition_tells_apart_are_all_observed(judged: Judge) -> None:
    schema = {"x-requirement": "list", "items": CONDITION}
    rows = [{"status": "queued"}] * 30 + [{"status": "done", "end": "x-1"}] * 30
    assert judged(schema, rows)[0]["end.present"] == 1


def test_thinned_keeps_one_row_of_each_structure() -> None:
    rows = [
        {"id": f"d-{number}", "state": "done" if number % 2 else "open", "n": None} for number in range(50)
    ]
    expected = [{"id": "d-1", "state": "done", "n": None}, {"id": "d-0", "state": "open", "n": None}]
    kept = thinned({"rows": rows, "next": None})
    assert Counter(map(str, kept["rows"])) == Counter(map(str, expected))
    assert kept["next"] is None


def test_thinned_leaves_short_arrays_and_its_argument_alone() -> None:
    body = {"rows": [{"id": str(number)} for number in range(10)], "long": [["a"]] * 50}
    before = copy.deepcopy(body)
    assert thinned(body) == {"rows": before["rows"], "long": [["a"]]}
    assert body == before


def fingerprints(build: ModuleType, folder: Path, schema: dict[str, Any], *bodies: Any) -> list[set[str]]:
    shapes = build.shapes(folder, schema)
    prints = []
    for body in bodies:
        evidence = Evidence()
        judge_shape(shapes, "resources/body.json", body, build.exchange("any", 1), evidence, FALLBACK)
        prints.append(
            {finding.fingerprint for name in evidence.observations for finding in evidence.findings(name)}
        )
    return prints


def test_names_that_belong_to_one_run_are_in_no_fingerprint(build: ModuleType, tmp_path: Path) -> None:
    schema = {
        "x-requirement": "outer",
        "properties": {
            "by_id": {"additionalProperties": {"properties": {"n": {"type": "integer"}}}},
            "by_name": {"patternProperties": {"^d_": {"type": "string"}}},
            "rows": {"items": {"properties": {"n": {"type": "integer"}}}},
        },
    }
    one = {"by_id": {"d_1": {"n": "x"}}, "by_name": {"d_1": 1}, "rows": [{"n": "x"}]}
    other = {"by_id": {"d_77": {"n": "y"}}, "by_name": {"d_9": 2}, "rows": [{"n": 1}, {"n": 2}, {"n": []}]}
    first, second = fingerprints(build, tmp_path, schema, one, other)
    assert (first, len(first)) == (second, 3)


def test_different_defects_have_different_fingerprints(build: ModuleType, tmp_path: Path) -> None:
    schema = {"x-requirement": "outer", "required": ["a", "b"], "properties": {"a": {"type": "string"}}}
    bodies = ({"b": 1}, {"a": 1, "b": 1}, {"a": "x"}, {"a": "x", "b": 1})
    prints = fingerprints(build, tmp_path, schema, *bodies)
    assert [len(found) for found in prints] == [1, 1, 1, 0]
    assert len(set.union(*prints)) == 3


def test_like_findings_are_counted(build: ModuleType, tmp_path: Path) -> None:
    evidence = Evidence()
    shapes = build.shapes(tmp_path, ROWS)
    for at in range(8):
        body = {"rows": [{"id": at}, {"id": at + 1}]}
        judge_shape(shapes, "resources/body.json", body, build.exchange("any", at), evidence, FALLBACK)
    (finding,) = evidence.findings("row")
    assert (finding.count, finding.exchanges) == (16, ["x0", "x1", "x2", "x3", "x4"])
    assert (finding.pointer, finding.observed, finding.expected) == ("/rows/0/id", 0, "a text")


@pytest.mark.parametrize(
    ("schema", "body", "broken"),
    [
        ({"x-requirement": "o", "not": {"required": ["a"]}}, {"a": 1}, True),
        ({"x-requirement": "o", "not": {"required": ["a"]}}, {"b": 1}, False),
        ({"properties": {"not": {"x-requirement": "o", "type": "string"}}}, {"not": 1}, True),
        ({"properties": {"if": {"x-requirement": "o", "type": "string"}}}, {"if": 1}, True),
    ],
)
def test_negation_is_judged_and_property_names_are_no_keywords(
    judged: Judge, schema: dict[str, Any], body: Any, *, broken: bool
) -> None:
    observations, findings = judged(schema, body)
    assert (1, broken) == (observations["o"], "o" in findings)


def test_sample_that_is_too_short_gives_way_to_the_whole_body(judged: Judge) -> None:
    schema = {"minItems": 30, "items": {"x-requirement": "row", "type": "object"}}
    observations, findings = judged(schema, [{"a": 1}] * 40)
    assert (observations["row"], findings) == (40, {})
