"""The keywords of a schema one by one."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import ContractError, load_contract
from batchproof.contract.keywords import Broken, broken, keywords, owner_of, refused_by
from batchproof.contract.shapes import Shapes

FILE = "resources/body.json"
NAMED = {"x-refused": {"required": "named", "type": "typed"}, "x-requirement": "name", "type": "string"}
SCHEMA = {
    "x-requirement": "root",
    "type": "object",
    "required": ["name", "file"],
    "properties": {
        "name": {**NAMED, "minLength": 1, "maxLength": 3},
        "file": {
            "x-refused": "file",
            "x-requirement": "file",
            "anyOf": [{"$ref": "file.json#/$defs/url"}, {"$ref": "file.json#/$defs/id"}],
        },
        "sizes": {"x-requirement": {"maxItems": "most", "*": "sizes"}, "type": "array", "maxItems": 2},
        "properties": {"type": "integer"},
        "maximum": {"type": "object"},
    },
}
WAYS = {
    "$defs": {
        "url": {"required": ["url"], "properties": {"url": {"type": "string"}}},
        "text": {"x-requirement": "text", "type": "string"},
        "id": {"required": ["id"], "properties": {"id": {"type": "string", "maxLength": 3}}},
    }
}


@pytest.fixture
def shapes(build: ModuleType, tmp_path: Path) -> Shapes:
    return build.shapes(tmp_path, SCHEMA, file=WAYS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "a", "file": {"url": "u"}}, []),
        ({"file": {"url": "u"}}, [Broken("/required/name", "")]),
        ({}, [Broken("/required/name", ""), Broken("/required/file", "")]),
        ({"name": "", "file": {"id": "1"}}, [Broken("/properties/name/minLength", "/name")]),
        ({"name": "abcd", "file": {"id": "1"}}, [Broken("/properties/name/maxLength", "/name")]),
        ({"name": 1, "file": {"id": "1"}}, [Broken("/properties/name/type", "/name")]),
        ([], [Broken("/type", "")]),
        # properties with the name of a keyword
        (
            {"name": "a", "file": {"url": "u"}, "properties": "", "maximum": 1},
            [
                Broken("/properties/properties/type", "/properties"),
                Broken("/properties/maximum/type", "/maximum"),
            ],
        ),
        # of several alternatives, the one that is almost right
        (
            {"name": "a", "file": {"id": "1234"}},
            [Broken("/properties/file/anyOf/1/$ref/properties/id/maxLength", "/file/id")],
        ),
        ({"name": "a", "file": {}}, [Broken("/properties/file/anyOf", "/file")]),
    ],
)
def test_broken_keywords(shapes: Shapes, value: Any, expected: list[Broken]) -> None:
    assert broken(shapes, FILE, value) == expected


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        # a property that is named like a keyword is none
        ({"properties": {"not": {"type": "string"}}}, {"not": 5}, [Broken("/properties/not/type", "/not")]),
        ({"properties": {"anyOf": {"type": "string"}}}, {"anyOf": 5}, [Broken("/properties/anyOf/type", "/anyOf")]),
        # what a condition or a forbidden branch says is no fault
        ({"not": {"type": "string"}, "minimum": 3}, 1, [Broken("/minimum", "")]),
        ({"if": {"type": "string"}, "then": {"minLength": 1}, "minimum": 3}, 1, [Broken("/minimum", "")]),
        ({"oneOf": [{"properties": {"a": {"maximum": 1}}}, {"type": "string"}]}, {"a": 2},
         [Broken("/oneOf/0/properties/a/maximum", "/a")]),
        ({"type": ["string", "null"]}, 5, [Broken("/type", "")]),
    ],
)  # fmt: skip
def test_what_counts_as_a_broken_keyword(
    build: ModuleType, tmp_path: Path, schema: Any, value: Any, expected: list[Broken]
) -> None:
    assert broken(build.shapes(tmp_path, schema), FILE, value) == expected


def test_all_keywords(shapes: Shapes) -> None:
    assert keywords(shapes, FILE) == [
        "/type",
        "/required/name",
        "/required/file",
        "/properties/name/type",
        "/properties/name/minLength",
        "/properties/name/maxLength",
        "/properties/file/anyOf",
        "/properties/file/anyOf/0/$ref/required/url",
        "/properties/file/anyOf/0/$ref/properties/url/type",
        "/properties/file/anyOf/1/$ref/required/id",
        "/properties/file/anyOf/1/$ref/properties/id/type",
        "/properties/file/anyOf/1/$ref/properties/id/maxLength",
        "/properties/sizes/type",
        "/properties/sizes/maxItems",
        "/properties/properties/type",
        "/properties/maximum/type",
    ]


@pytest.mark.parametrize(
    ("path", "owner", "refused"),
    [
        ("/type", "root", None),
        ("/required/name", "root", "named"),
        ("/properties/name/type", "name", "typed"),
        ("/properties/name/minLength", "name", None),
        ("/properties/file/anyOf", "file", "file"),
        ("/properties/file/anyOf/1/$ref/properties/id/type", "file", None),
        ("/properties/sizes/maxItems", "most", None),
        ("/properties/sizes/type", "sizes", None),
    ],
)
def test_requirement_of_a_keyword(shapes: Shapes, path: str, owner: str, refused: str | None) -> None:
    assert (owner_of(shapes, FILE, path), refused_by(shapes, FILE, path)) == (owner, refused)


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        # what is said beyond a reference, and beyond a reference of the file that it leads to
        ("/properties/way/$ref/properties/name/type", "way"),
        ("/properties/way/$ref/properties/url/$ref/type", "text"),
        ("/properties/back/$ref/items/$ref/type", "way"),
        # what leads nowhere belongs to what is nearest above it
        ("/properties/list/anyOf/0/type", "first"),
        ("/properties/list/anyOf/1/type", "list"),
        ("/properties/list/anyOf/x/type", "list"),
        ("/properties/list/type/more", "list"),
    ],
)
def test_owner_beyond_references_and_where_nothing_is(
    build: ModuleType, tmp_path: Path, path: str, owner: str
) -> None:
    schema = {
        "properties": {
            "way": {"$ref": "file.json"},
            "back": {"$ref": "file.json#/properties/back"},
            "list": {"x-requirement": "list", "type": "array", "anyOf": [{"x-requirement": "first"}]},
        }
    }
    properties = {
        "name": {"type": "string"},
        "url": {"$ref": "#/$defs/text"},
        "back": {"items": {"$ref": ""}},
    }
    way = {**WAYS, "x-requirement": "way", "properties": properties}
    assert owner_of(build.shapes(tmp_path, schema, file=way), FILE, path) == owner


def test_missing_property_further_in_is_refused_by_what_it_says(build: ModuleType, tmp_path: Path) -> None:
    inner = {"required": ["name"], "properties": {"name": NAMED}}
    shapes = build.shapes(tmp_path, {"properties": {"inner": inner}})
    assert refused_by(shapes, FILE, "/properties/inner/required/name") == "named"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        # a recursion is followed once, and what stands beside it is a keyword each time
        (
            {"properties": {"child": {"$ref": "body.json", "items": {"type": "string"}}}},
            ["/properties/child/$ref/properties/child/items/type", "/properties/child/items/type"],
        ),
        (
            {
                "patternProperties": {"^x": {"type": "string"}},
                "dependentSchemas": {"x": {"minProperties": 2}},
            },
            ["/patternProperties/^x/type", "/dependentSchemas/x/minProperties"],
        ),
        # an empty reference leads to the root of the file in which it stands
        ({"items": {"$ref": "file.json#/$defs/same"}}, ["/items/$ref/items/$ref/maxItems"]),
    ],
)
def test_keywords_that_can_be_reached(
    build: ModuleType, tmp_path: Path, schema: dict[str, Any], expected: list[str]
) -> None:
    file = {"maxItems": 1, "$defs": {"same": {"items": {"$ref": ""}}}}
    assert keywords(build.shapes(tmp_path, schema, file=file), FILE) == expected


def test_row_that_forbids_nothing_is_not_charged(build: ModuleType, tmp_path: Path) -> None:
    folder = build.copy_of_acme(tmp_path)
    for name, before, after in (
        ("contract.yaml", "error: resources/error.json", "error: resources/error.json\ncrash: batch.id"),
        ("requirements.yaml", "- id: batch.id\n  level: MUST", "- id: batch.id\n  level: MAY"),
    ):
        text = (folder / name).read_text()
        assert before in text
        (folder / name).write_text(text.replace(before, after, 1))
    with pytest.raises(ContractError) as error:
        load_contract(str(folder))
    described = (
        "crash: batch.id forbids nothing that can be tested; name a MUST or SHOULD without interpretations"
    )
    assert str(error.value) == f"{folder / 'contract.yaml'}: {described}"


def test_a_property_may_be_called_required(build: ModuleType, tmp_path: Path) -> None:
    inner = {"type": "boolean", "x-refused": {"type": "typed"}}
    shapes = build.shapes(tmp_path, {"type": "object", "properties": {"required": inner}})
    assert refused_by(shapes, FILE, "/properties/required/type") == "typed"
