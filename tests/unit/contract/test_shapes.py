"""Schemas: which requirement each keyword states."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, ContractError
from batchproof.contract.shapes import ids_of


def test_requirements_that_a_file_states_are_those_it_can_reach(acme: Contract) -> None:
    expected = {
        "resources/batch.json": {
            "batch", "batch.id", "batch.count", "batch.created_at", "status.type", "status.enum",
            "submit_batch.documents.range", "finished_at.present",
        },
        "resources/status.json": {"status.type", "status.enum"},
        "resources/document.json": {"document", "status.type", "status.enum", "finished_at.present"},
        "resources/error.json": {"error", "error.code"},
        "requests/submit_batch.json": set(),
    }  # fmt: skip
    assert {file: acme.shapes.stated(file) for file in expected} == expected


def test_string_speaks_for_the_whole_subschema(acme: Contract) -> None:
    at = acme.shapes.uri("resources/batch.json")
    assert acme.shapes.speaks(f"{at}#/properties/created_at") == [("batch.created_at", frozenset())]
    assert acme.shapes.owner(f"{at}#/properties/created_at") == "batch.created_at"


def test_map_speaks_keyword_by_keyword(acme: Contract) -> None:
    at = acme.shapes.uri("resources/batch.json")
    assert acme.shapes.speaks(f"{at}#/properties/count") == [
        ("batch.count", frozenset()),
        ("submit_batch.documents.range", frozenset({"minimum", "maximum"})),
    ]


@pytest.mark.parametrize(
    ("schema", "typed"),
    [
        ({"minLength": 1, "pattern": "a"}, {"minLength", "pattern"}),
        ({"title": "A", "description": "A.", "$comment": "A", "minLength": 1}, {"minLength"}),
        ({"minLength": 1, "const": "a"}, set()),
        ({"title": "A"}, set()),
    ],
)
def test_string_speaks_for_what_says_something(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], typed: set[str]
) -> None:
    shapes = build.shapes(tmp_path, {"x-requirement": "all", **schema})
    assert shapes.speaks(f"{build.SCHEMA}#") == [("all", frozenset(typed))]


def test_nothing_speaks_where_nothing_is_written(acme: Contract) -> None:
    at = acme.shapes.uri("resources/document_summary.json")
    assert acme.shapes.speaks(f"{at}#/properties/id") == []
    assert acme.shapes.owner(f"{at}#/properties/id") is None


def test_location_may_be_percent_encoded(build: ModuleType, tmp_path: Path) -> None:
    shapes = build.shapes(tmp_path, {"properties": {"a b/c": {"x-requirement": "odd", "type": "string"}}})
    assert shapes.at(build.SCHEMA + "#/properties/a%20b~1c") == {"x-requirement": "odd", "type": "string"}


@pytest.mark.parametrize("reference", ["#/$defs/missing", "nowhere.json", "other.json#/$defs/missing"])
def test_reference_that_leads_nowhere_is_refused(build: ModuleType, tmp_path: Path, reference: str) -> None:
    schema = {
        "$defs": {"there": {}},
        "allOf": [{"$ref": item} for item in ("#/$defs/there", "other.json", reference)],
    }
    with pytest.raises(ContractError, match="leads nowhere") as refused:
        build.shapes(tmp_path, schema, other={"$defs": {}})
    assert reference in str(refused.value)


def test_schemas_that_refer_to_each_other_in_a_circle(build: ModuleType, tmp_path: Path) -> None:
    schema = {"x-requirement": "tree", "properties": {"child": {"$ref": "other.json"}}}
    shapes = build.shapes(tmp_path, schema, other={"x-requirement": "node", "allOf": [{"$ref": "body.json"}]})
    assert shapes.stated("resources/body.json") == {"tree", "node"}
    assert shapes.validator("resources/body.json").is_valid({"child": {"child": {}}})


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["other.json#/$defs/part"], {"part"}),
        # an empty reference leads to the root of the file in which it stands
        (["other.json#/$defs/tree"], {"part", "tree", "whole"}),
        # a file that is named twice hides no other
        (["third.json", "other.json", "other.json"], {"part", "third", "tree", "whole"}),
    ],
)
def test_what_is_stated_by_reference(
    build: ModuleType, tmp_path: Path, references: list[str], expected: set[str]
) -> None:
    schema = {"allOf": [{"$ref": reference} for reference in references]}
    parts = {"part": {"x-requirement": "part"}, "tree": {"x-requirement": "tree", "items": {"$ref": ""}}}
    other = {"x-requirement": "whole", "$defs": parts}
    shapes = build.shapes(tmp_path, schema, other=other, third={"x-requirement": "third"})
    assert shapes.stated("resources/body.json") == expected


def test_formats_are_checked(build: ModuleType, tmp_path: Path) -> None:
    validator = build.shapes(tmp_path, {"format": "date-time"}).validator("resources/body.json")
    checked = [validator.is_valid(value) for value in ("2026-01-01T00:00:00Z", "yesterday")]
    assert checked == [True, False]


def test_unknown_file_has_no_validator(acme: Contract) -> None:
    with pytest.raises(ContractError, match=r"page\.json: is named by the contract but does not exist"):
        acme.shapes.validator("resources/page.json")


def test_ids_of_an_owner() -> None:
    assert [ids_of(owner) for owner in (None, "a", {"type": "a", "*": "b"})] == [set(), {"a"}, {"a", "b"}]
