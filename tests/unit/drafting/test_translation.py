"""Schemas of OpenAPI 3.0 and 3.1 as Draft 2020-12."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from batchproof.contract.shapes import ANNOTATION
from batchproof.drafting import Draft, drafted
from batchproof.drafting.keywords import portable_pattern
from batchproof.drafting.naming import singular, snake

Drafting = Callable[..., Draft]


@pytest.fixture
def draft(tmp_path: Path) -> Drafting:
    """Drafts a contract from a document whose only operation answers with the schema Thing."""

    def made(schemas: dict[str, Any], version: str = "3.0.3", **operation: Any) -> Draft:
        answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
        document = {
            "openapi": version,
            "paths": {"/things": {"get": {"responses": {"200": answer}, **operation}}},
            "components": {"schemas": schemas},
        }
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(document), "utf-8")
        return drafted("thing/1", file)

    return made


def bare(value: Any) -> Any:
    """A schema without what a contract folder adds."""
    if isinstance(value, dict):
        return {key: bare(child) for key, child in value.items() if key not in (ANNOTATION, "$id", "$schema")}
    return [bare(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
            {"type": "number", "exclusiveMinimum": 1},
        ),
        ({"type": "number", "maximum": 1, "exclusiveMaximum": False}, {"type": "number", "maximum": 1}),
        (
            {"allOf": [{"$ref": "#/components/schemas/Other"}], "nullable": True},
            {"anyOf": [{"$ref": "other.json"}, {"type": "null"}]},
        ),
        (
            {"$ref": "#/components/schemas/Other", "nullable": True},
            {"anyOf": [{"$ref": "other.json"}, {"type": "null"}]},
        ),
        ({"$ref": "#/components/schemas/Other", "type": "string"}, {"$ref": "other.json"}),
        (
            {"oneOf": [{"type": "string"}, {"type": "object"}]},
            {"anyOf": [{"type": "string"}, {"type": "object"}]},
        ),
        ({"type": "integer", "format": "int64", "example": 3}, {"type": "integer"}),
        ({"type": "string", "format": "date-time", "title": "At"}, {"type": "string", "format": "date-time"}),
        ({"type": "object", "additionalProperties": False}, {"type": "object"}),
        ({"type": "number", "multipleOf": 0.01}, {"type": "number"}),
        ({"type": "object", "x-odd": 1, "xml": {}}, {"type": "object"}),
    ],
)
def test_openapi_30(draft: Drafting, written: dict[str, Any], read: dict[str, Any]) -> None:
    schemas = {"Thing": {"type": "object", "properties": {"it": written}}, "Other": {"type": "object"}}
    found = draft(schemas).schemas["resources/thing.json"]
    assert bare(found) == {"type": "object", "properties": {"it": read}}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["string", "null"]}),
        (
            {"$ref": "#/components/schemas/Other", "required": ["a"]},
            {"$ref": "other.json", "required": ["a"]},
        ),
        ({"exclusiveMinimum": 1, "type": "number"}, {"exclusiveMinimum": 1, "type": "number"}),
        ({"const": "thing"}, {"const": "thing"}),
        (True, {}),
    ],
)
def test_openapi_31(draft: Drafting, written: Any, read: dict[str, Any]) -> None:
    schemas = {"Thing": {"type": "object", "properties": {"it": written}}, "Other": {"type": "object"}}
    found = draft(schemas, "3.1.0").schemas["resources/thing.json"]
    assert bare(found) == {"type": "object", "properties": {"it": read}}


def test_a_schema_may_refer_to_itself(draft: Drafting) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Thing"}}}
    found = draft({"Thing": node}).schemas["resources/thing.json"]
    assert bare(found) == {"type": "object", "properties": {"next": {"$ref": "thing.json"}}}


def test_what_only_requests_have_is_not_required_of_answers(draft: Drafting) -> None:
    secret = {"type": "string", "writeOnly": True}
    thing = {"type": "object", "required": ["id", "secret"], "properties": {"id": {}, "secret": secret}}
    assert draft({"Thing": thing}).schemas["resources/thing.json"]["required"] == ["id"]


def test_a_choice_has_one_row(draft: Drafting) -> None:
    choice = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer"}]}
    found = draft({"Thing": {"type": "object", "properties": {"it": choice}}})
    assert [row["id"] for row in found.rows if row["id"].startswith("thing.it")] == ["thing.it.any_of"]


def test_names_that_are_alike_have_rows_of_their_own(draft: Drafting) -> None:
    names = {"fileName": {"type": "string"}, "file_name": {"type": "string"}}
    found = draft({"Thing": {"type": "object", "properties": names}})
    assert [row["id"] for row in found.rows if "file_name" in row["id"]] == [
        "thing.file_name",
        "thing.file_name_2",
    ]


def test_key_of_an_api_is_no_token(draft: Drafting) -> None:
    found = draft({"Thing": {"type": "object"}}, security=[])
    assert "auth" not in found.manifest


@pytest.mark.parametrize(
    ("pattern", "portable"),
    [
        (r"^\d+$", r"^[0-9]+(?![\s\S])"),
        (r"^[\w-]+$", r"^[A-Za-z0-9_-]+(?![\s\S])"),
        (r"^a\$[$]", r"^a\$[$]"),
        (r"^[\s\S]*", r"^[\s\S]*"),
    ],
)
def test_patterns_that_all_validators_read_alike(pattern: str, portable: str) -> None:
    assert portable_pattern(pattern) == portable


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("getBatchRun", "get_batch_run"),
        ("HTTPServer", "http_server"),
        ("embedV2", "embed_v2"),
        ("GET /v1/things", "get_v1_things"),
        ("größe", "gr_e"),
        ("!", "unnamed"),
    ],
)
def test_names_in_words(name: str, names: str) -> None:
    assert snake(name) == names


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("batches", "batch"),
        ("entries", "entry"),
        ("boxes", "box"),
        ("status", "status"),
        ("classes", "class"),
    ],
)
def test_one_of_many(many: str, one: str) -> None:
    assert singular(many) == one
