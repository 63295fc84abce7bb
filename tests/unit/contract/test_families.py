"""``for``: one sentence for several families is one item for each, and a problem in it is told where it is written."""

from pathlib import Path
from typing import Any

import pytest

from batchproof.contract.families import expand, families_of

FILE = Path("invariants.yaml")
FAMILIES = {"one": {"thing": "egg"}, "two": {"thing": "hen", "legs": 2}}


def made(data: Any) -> Any:
    expanded = expand(FILE, data, FAMILIES)
    assert expanded.problems == []
    return expanded.data


def described(data: Any) -> list[str]:
    return [problem.remedy for problem in expand(FILE, data, FAMILIES).problems]


def test_item_is_made_for_each_family() -> None:
    item = {"for": ["one", "two"], "id": "<family>_run.id", "says": ["An <thing>.", {"<thing>": 3}]}
    assert made([item, {"id": "<family>"}]) == [
        {"id": "one_run.id", "says": ["An egg.", {"egg": 3}]},
        {"id": "two_run.id", "says": ["An hen.", {"hen": 3}]},
        {"id": "<family>"},
    ]


def test_word_that_is_all_of_a_text_keeps_its_type() -> None:
    assert made([{"for": ["two"], "legs": "<legs>", "text": "<legs> legs"}]) == [
        {"legs": 2, "text": "2 legs"}
    ]


def test_item_may_have_words_of_its_own() -> None:
    item = {"for": {"one": {"size": 5, "thing": "yolk"}, "two": {"size": 9}}, "id": "<thing>", "n": "<size>"}
    assert made([item]) == [{"id": "yolk", "n": 5}, {"id": "hen", "n": 9}]


def test_group_is_made_family_by_family() -> None:
    group = {"for": ["one", "two"], "items": [{"id": "<family>.a"}, {"for": ["two"], "id": "<family>.b"}]}
    expanded = expand(FILE, [{"id": "first"}, group], FAMILIES)
    assert expanded.data == [{"id": "first"}, {"id": "one.a"}, {"id": "two.a"}, {"id": "two.b"}]
    assert expanded.origins == {
        (0,): (0,),
        (1,): (1, "items", 0),
        (2,): (1, "items", 0),
        (3,): (1, "items", 1),
    }


def test_entry_of_a_section_is_made_for_each_family() -> None:
    manifest = {
        "families": FAMILIES,
        "operations": {
            "get_<thing>": {"for": ["one", "two"], "path": "/<thing>s/{id}"},
            "ping": {"path": "/"},
        },
        "inputs": {"document": {"for": ["one"]}},
    }
    expanded = expand(FILE, manifest, families_of(manifest))
    assert expanded.data["operations"] == {
        "get_egg": {"path": "/eggs/{id}"},
        "get_hen": {"path": "/hens/{id}"},
        "ping": {"path": "/"},
    }
    assert expanded.data["inputs"] == manifest["inputs"]
    assert expanded.origins["operations", "get_hen"] == ("operations", "get_<thing>")


@pytest.mark.parametrize(
    ("item", "remedy"),
    [
        (
            {"for": ["three"]},
            "names the family 'three', which is not declared; declare it or use one of: one, two",
        ),
        ({"for": ["one"], "id": "<legs>"}, "<legs> is no word of one; use one of: <family>, <thing>"),
        ({"for": "one"}, "`for` takes a list of families, or families with words that only this has"),
        ({"for": []}, "`for` takes a list of families, or families with words that only this has"),
    ],
)
def test_what_does_not_fit_is_told(item: dict[str, Any], remedy: str) -> None:
    assert described([item]) == [remedy]


@pytest.mark.parametrize("families", [None, [], {"families": []}])
def test_no_families(families: Any) -> None:
    assert families_of(families) == {}
