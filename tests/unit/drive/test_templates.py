"""Templates and merge patches."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchproof.client import File
from batchproof.contract import Contract
from batchproof.drive import Unmet
from batchproof.drive.templates import Templates, merge_patch

# RFC 7396, appendix A
RFC = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]
objects = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=2)),
    max_size=3,
)


@pytest.mark.parametrize(("document", "patch", "expected"), RFC)
def test_examples_of_the_rfc(document: Any, patch: Any, expected: Any) -> None:
    before = repr(document)
    assert merge_patch(document, patch) == expected
    assert repr(document) == before


@given(objects, objects)
def test_patching_twice_is_patching_once(document: Any, patch: Any) -> None:
    once = merge_patch(document, patch)
    assert merge_patch(once, patch) == once


@given(objects)
def test_empty_patch_changes_nothing(document: Any) -> None:
    assert merge_patch(document, {}) == document


class Source:
    """Gives what it was made with, and the name of what was asked for."""

    def __init__(self, **fixtures: str) -> None:
        self.fixtures = fixtures

    def fixture(self, name: str) -> str | None:
        return self.fixtures.get(name)

    def known(self, resource: str) -> str:
        return f"known {resource}"

    def working(self, name: str) -> str:
        return f"working {name}"

    def ended(self, name: str) -> str:
        return f"ended {name}"

    def take(self, name: str) -> str:
        return f"taken {name}"

    def file(self, name: str) -> File:
        return File(name=name, content=b"")


@pytest.fixture
def templates(acme: Contract) -> Callable[..., Templates]:
    return lambda seed=0, **fixtures: Templates(acme.manifest, Source(**fixtures), seed)


@pytest.mark.parametrize("value", [None, 1, "text", [], {}, {"a": [{"b": "$fixture"}]}, {"id": "{id}"}])
def test_what_has_no_place_stays_as_it_is(templates: Callable[..., Templates], value: Any) -> None:
    assert templates().fill(value) == value


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ({"$fixture": "language"}, "en"),
        ({"$known": "batch"}, "known batch"),
        ({"$working": "papers"}, "working papers"),
        ({"$ended": "papers"}, "ended papers"),
        ({"$take": "batch_ids"}, "taken batch_ids"),
        ({"$file": "letterhead"}, File(name="letterhead", content=b"")),
    ],
)
def test_place_is_filled_wherever_it_stands(
    templates: Callable[..., Templates], place: Any, expected: Any
) -> None:
    filled = templates(language="en").fill({"a": [place, {"b": place}], "c": 1})
    assert filled == {"a": [expected, {"b": expected}], "c": 1}


def test_pictures_are_all_different(templates: Callable[..., Templates]) -> None:
    one, other = templates().fill([{"$picture": "scan.png"}] * 2)
    assert (one.name, other.name) == ("scan.png", "scan.png")
    assert one.content != other.content


def test_labels_are_all_different(templates: Callable[..., Templates]) -> None:
    label = {"$label": "x"}
    assert templates().fill([label, {"a": label}, label]) == ["x-1", {"a": "x-2"}, "x-3"]


def test_unknown_ids_are_new_and_the_same_for_the_same_seed(templates: Callable[..., Templates]) -> None:
    place = [{"$unknown": "b_"}] * 3
    first, again, other = (
        templates(seed=1).fill(place),
        templates(seed=1).fill(place),
        templates(seed=2).fill(place),
    )
    assert first == again
    assert len({*first, *other}) == 6
    assert [name for name in first if not re.fullmatch(r"b_[A-Za-z0-9]{20}", name)] == []


def test_unknown_ids_in_the_form_of_a_uuid(templates: Callable[..., Templates]) -> None:
    place = [{"$unknown": {"format": "uuid"}}] * 2
    first, again = templates(seed=1).fill(place), templates(seed=1).fill(place)
    assert first == again
    assert [str(uuid.UUID(name)) for name in first] == first
    assert len(set(first)) == 2


def test_fresh_values_are_new_whatever_the_seed(templates: Callable[..., Templates]) -> None:
    values = [value for _ in range(2) for value in templates(seed=1).fill([{"$fresh": "k-"}] * 2)]
    assert len(set(values)) == 4
    assert [value for value in values if not re.fullmatch("k-[0-9a-f]{32}", value)] == []


def test_text_of_a_length(templates: Callable[..., Templates]) -> None:
    assert templates().fill({"note": {"$text": 3}}) == {"note": "xxx"}


def test_inputs_of_the_kinds_that_were_asked_for(templates: Callable[..., Templates]) -> None:
    body = {"documents": {"$inputs": "document"}}
    assert templates().fill(body, ["document", "failing", "document"]) == {
        "documents": [{"name": "paper-1"}, {"name": "unreadable-2"}, {"name": "paper-3"}]
    }
    assert templates().fill(body, []) == {"documents": []}


def test_first_alternative_whose_needs_are_met(templates: Callable[..., Templates]) -> None:
    assert templates(language="en").fill({"$inputs": "document"}, ["document"]) == [
        {"name": "paper-1", "language": "en"}
    ]


def test_missing_fixture_is_named_with_the_option_that_would_help(
    templates: Callable[..., Templates],
) -> None:
    with pytest.raises(Unmet) as unmet:
        templates().fill({"a": {"$fixture": "language"}})
    described = (unmet.value.detail, unmet.value.reason, unmet.value.option)
    assert described == (
        "the fixture language is not given",
        "precondition_unmet",
        "give language in [fixtures]",
    )
