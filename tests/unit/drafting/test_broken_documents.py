"""An OpenAPI document that cannot be used is one line with file, place and remedy; nothing is written."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from batchproof.cli import commands

GOOD: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/things": {
            "get": {
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                    }
                }
            }
        }
    },
    "components": {"schemas": {"Thing": {"type": "object"}}},
}
GET = ("paths", "/things", "get")
THING = ("components", "schemas", "Thing")
BROKEN: list[tuple[tuple[str, ...], Any, str]] = [
    (("openapi",), "2.0", "/openapi: is '2.0'; OpenAPI 3.0 and 3.1 are read"),
    (("swagger",), "2.0", "/swagger: is version '2.0'; convert the document to OpenAPI 3.0 or 3.1"),
    (("paths",), {}, "/paths: has no entry; the operations of the API stand there, each under its path"),
    (("paths", "/things"), [], "/paths/~1things: is a list; write an object with keys and values"),
    ((*GET, "parameters"), {}, "/paths/~1things/get/parameters: is an object; write a list"),
    (
        (*GET, "parameters"),
        [{"name": "a"}],
        "/paths/~1things/get/parameters/0: lacks `name` or `in`; a parameter has both",
    ),
    (
        (*GET, "security"),
        [{"key": []}],
        "/paths/~1things/get/security/0: names the security scheme 'key'; declared are: none is there",
    ),
    (
        (*THING, "properties"),
        {"a": {"$ref": "#/nowhere"}},
        "/components/schemas/Thing/properties/a/$ref: '#/nowhere' leads nowhere; correct it, or add what it names",
    ),
    (
        (*THING, "properties"),
        {"a": {"$ref": "other.yaml#/a"}},
        (
            "/components/schemas/Thing/properties/a/$ref: 'other.yaml#/a' leads to another file; "
            "bundle the document into one file"
        ),
    ),
    (
        (*GET, "responses", "200"),
        {"$ref": "#/paths/~1things/get/responses/200"},
        "/paths/~1things/get/responses/200: is a reference that leads back to itself; write the value out",
    ),
    (
        (*THING, "minLength"),
        "many",
        '/components/schemas/Thing/minLength: is no valid schema: "many" is not of type "integer"; correct it',
    ),
    (
        GET,
        {"responses": {"200": {"description": "a picture"}}},
        (
            "/paths: has no GET without an id and without a required query that answers with JSON, and every run begins with "
            "one; add it to the document, or begin with a skeleton: leave out --openapi"
        ),
    ),
]


def new(file: Path, schemas: Path) -> tuple[int, str]:
    arguments = ["contract", "new", "thing/1", "--openapi", str(file), "--schemas", str(schemas)]
    ended = CliRunner().invoke(commands, arguments)
    return ended.exit_code, ended.output


def test_what_is_broken_below_is_good(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(GOOD), "utf-8")
    assert new(file, tmp_path / "schemas")[0] == 0


@pytest.mark.parametrize(("at", "value", "described"), BROKEN)
def test_one_line_names_place_and_remedy(
    tmp_path: Path, at: tuple[str, ...], value: Any, described: str
) -> None:
    document = copy.deepcopy(GOOD)
    here = document
    for step in at[:-1]:
        here = here[step]
    here[at[-1]] = value
    file = tmp_path / "openapi.json"
    file.write_text(json.dumps(document), "utf-8")
    assert new(file, tmp_path / "schemas") == (2, f"batchproof: {file}: {described}\n")
    assert not (tmp_path / "schemas").exists()


@pytest.mark.parametrize(
    ("text", "described"),
    [
        (
            "openapi: [",
            "line 2: is neither JSON nor YAML: did not find expected node content; correct it there",
        ),
        ("- a", "is no OpenAPI document; it has to be an object with `openapi`"),
        ("", "--openapi: is empty; give an OpenAPI document, JSON or YAML"),
        (
            '{"openapi": "3.1.0",',
            "line 2: is neither JSON nor YAML: did not find expected node content; correct it there",
        ),
        ("a: &a\n  b: *a", "is neither JSON nor YAML: an anchor leads back to itself; export it again"),
    ],
)
def test_text_that_is_no_document(tmp_path: Path, text: str, described: str) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(text, "utf-8")
    assert new(file, tmp_path / "schemas") == (2, f"batchproof: {file}: {described}\n")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    assert new(file, tmp_path) == (
        2,
        f"batchproof: {file}: --openapi: does not exist; give an OpenAPI document, JSON or YAML\n",
    )
