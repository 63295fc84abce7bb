"""The one walker of JSON Schemas: what it finds, in which order, and how it gets out of a circle."""

from typing import Any

import pytest
from jsonschema_specifications import REGISTRY as SPECIFICATIONS
from referencing.jsonschema import DRAFT202012

from batchproof.contract.schema_traversal import (
    HELD,
    Child,
    Place,
    Visit,
    children,
    on_the_way,
    rebuilt,
    subschemas,
    traverse,
)

URI = "https://batchproof.dev/tree.json"
TREE = {
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "below": {"items": {"$ref": "#"}}, "a/b": True},
    "allOf": [{"$ref": "#/$defs/named"}],
    "x-requirement": {"properties": "tree.shape"},
    "enum": [{"properties": {"no": "schema"}}],
    "$defs": {"named": {"minProperties": 1}},
}
# every keyword that a meta-schema of the draft names
DRAFT_KEYWORDS = {
    name
    for uri in SPECIFICATIONS
    if uri.startswith("https://json-schema.org/draft/2020-12/")
    for name in SPECIFICATIONS.contents(uri).get("properties", {})
}
# a schema that is told from all others, and every keyword with it in each of the three ways
MARKED = {"title": "here"}
WAYS: dict[str, Any] = {"map": {"name": MARKED}, "list": [MARKED], "one": MARKED}


def at(address: str) -> Any:
    return {f"{URI}#": TREE, f"{URI}#/$defs/named": TREE["$defs"]["named"]}[
        address if "#" in address else address + "#"
    ]


def paths(**options: Any) -> list[str]:
    start = [Place(URI, TREE)]
    return [visit.path for visit in traverse(start, "", lambda *_: "", at=at, **options)]


@pytest.mark.parametrize("keyword", HELD)
def test_keyword_holds_schemas_as_referencing_knows_it(keyword: str) -> None:
    assert list(DRAFT202012.subresources_of({keyword: WAYS[HELD[keyword]]})) == [MARKED]


@pytest.mark.parametrize("keyword", sorted({*DRAFT_KEYWORDS} - {*HELD}))
def test_other_keywords_of_the_draft_hold_none(keyword: str) -> None:
    assert [list(DRAFT202012.subresources_of({keyword: value})) for value in WAYS.values()] == [[], [], []]


def test_children_stand_in_the_order_in_which_they_are_written() -> None:
    assert [child.pointer for child in children(TREE)] == [
        "/properties/name",
        "/properties/below",
        "/properties/a~1b",
        "/allOf/0",
        "/$defs/named",
    ]
    assert list(children(True)) == []


def test_children_stand_in_the_order_that_is_asked_for() -> None:
    assert list(children(TREE, ("allOf", "items", "$defs"))) == [
        Child("allOf", 0, TREE["allOf"][0]),
        Child("$defs", "named", TREE["$defs"]["named"]),
    ]


def test_subschemas_of_a_document_come_with_their_pointers() -> None:
    assert [at for at, _ in subschemas({"$defs": {"a/b": {"not": {}}}, "anyOf": [False, {}]})] == [
        "",
        "/$defs/a~1b",
        "/$defs/a~1b/not",
        "/anyOf/1",
    ]


def test_what_is_rebuilt_keeps_its_order_and_whatever_is_no_schema() -> None:
    rewritten = rebuilt(TREE, lambda child: [child.keyword, child.key])
    assert list(rewritten) == list(TREE)
    assert rewritten == {
        **TREE,
        "properties": {name: ["properties", name] for name in ("name", "below", "a/b")},
        "allOf": [["allOf", 0]],
        "$defs": {"named": ["$defs", "named"]},
    }


def test_a_reference_is_not_followed_again_below_itself() -> None:
    below = "/properties/below/items/$ref"
    assert paths(keywords=("properties", "items", "$ref")) == [
        "",
        "/properties/name",
        "/properties/below",
        "/properties/below/items",
        below,
        *(f"{below}/properties/{inner}" for inner in ("name", "below", "below/items")),
    ]


def test_once_is_once_for_each_state() -> None:
    assert paths(once=True) == [
        "",
        "/properties/name",
        "/properties/below",
        "/properties/below/items",
        "/allOf/0",
        "/allOf/0/$ref",
    ]

    def deeper(visit: Visit[int], child: Child) -> int | None:
        return visit.state + (child.keyword == "items") if visit.state < 2 else None

    start = [Place(URI, TREE)]
    found = traverse(start, 0, deeper, at=at, keywords=("properties", "items", "$ref"), once=True)
    assert [(visit.path.count("items"), visit.state) for visit in found if visit.schema is TREE] == [
        (0, 0),
        (1, 1),
    ]


def test_what_is_handed_down_is_told_with_what_was_followed() -> None:
    def to(visit: Visit[list[str]], child: Child) -> list[str] | None:
        return [*visit.state, child.address or child.keyword] if child.key != "name" else None

    start = [Place(URI, {"properties": {"name": {}, "other": {"$ref": "tree.json#/$defs/named"}}})]
    assert [(visit.base, visit.state) for visit in traverse(start, [], to, at=at)] == [
        (URI, []),
        (URI, ["properties"]),
        (URI, ["properties", f"{URI}#/$defs/named"]),
    ]


def test_way_to_a_keyword_leads_through_references() -> None:
    way = "/properties/below/items/$ref/allOf/0/$ref"
    found = list(on_the_way(Place(URI, TREE), f"{way}/minProperties", at=at))
    assert [visit.path for visit in found] == [
        "",
        "/properties/below",
        "/properties/below/items",
        "/properties/below/items/$ref",
        "/properties/below/items/$ref/allOf/0",
        way,
    ]
    assert (found[-1].schema, found[-1].state) == (TREE["$defs"]["named"], ["minProperties"])


@pytest.mark.parametrize(
    "path", ["/allOf/1", "/properties/nobody", "/items", "/$ref", "/enum/0", "/properties"]
)
def test_way_ends_where_there_is_no_schema(path: str) -> None:
    assert [visit.path for visit in on_the_way(Place(URI, TREE), path, at=at)] == [""]
