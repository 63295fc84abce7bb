"""JSON Pointers: RFC 6901, and ``*``."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batchproof.contract import pointer

# RFC 6901, section 5
DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}
RFC = {
    "": DOCUMENT, "/foo": ["bar", "baz"], "/foo/0": "bar", "/": 0, "/a~1b": 1, "/c%d": 2, "/e^f": 3, "/g|h": 4,
    "/i\\j": 5, '/k"l': 6, "/ ": 7, "/m~0n": 8,
}  # fmt: skip

segments = st.lists(
    st.text(max_size=4) | st.sampled_from(["~", "/", "~1", "~0", "~01", "*", "0"]), max_size=4
)


@pytest.mark.parametrize("at", RFC)
def test_examples_of_the_rfc(at: str) -> None:
    assert RFC[at] == pointer.first(DOCUMENT, at)


@pytest.mark.parametrize(
    "at", ["/nothing", "/foo/*/a", "/foo/2", "/foo/-1", "/foo/-", "/foo/bar", "/foo/0/0", "//", "/foo/\u0661"]
)
def test_what_leads_nowhere_finds_nothing(at: str) -> None:
    assert list(pointer.find(DOCUMENT, at)) == []
    assert pointer.first(DOCUMENT, at, default="none") == "none"


def test_null_is_found() -> None:
    assert pointer.first({"a": None}, "/a", default="none") is None


def test_star_is_every_element_of_an_array() -> None:
    document = {"rows": [{"id": 1}, {"id": 2}, {}, 3]}
    assert list(pointer.find(document, "/rows/*/id")) == [("/rows/0/id", 1), ("/rows/1/id", 2)]
    assert pointer.first(document, "/rows/*/id") == 1


def test_star_is_a_plain_key_of_an_object() -> None:
    assert list(pointer.find({"*": 1, "a": 2}, "/*")) == [("/*", 1)]


def test_found_pointers_are_escaped() -> None:
    assert list(pointer.find([{"a/b~c": 1}], "/*/a~1b~0c")) == [("/0/a~1b~0c", 1)]


def test_pointer_without_a_slash_is_an_error() -> None:
    with pytest.raises(ValueError, match="begins with a slash: 'id'"):
        pointer.parse("id")


@given(segments)
def test_parse_undoes_join(parts: list[str]) -> None:
    assert pointer.parse(pointer.join(parts)) == parts


@given(
    st.recursive(
        st.none() | st.integers(), lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3)
    )
)
def test_every_value_is_found_under_its_own_pointer(document: Any) -> None:
    def traverse(value: Any, path: list[str]) -> None:
        assert list(pointer.find(document, pointer.join(path))) == [(pointer.join(path), value)]
        for key, child in value.items() if isinstance(value, dict) else ():
            traverse(child, [*path, key])

    traverse(document, [])


@pytest.mark.parametrize(
    ("at", "general"),
    [
        ("/rows/0/id", "/rows/*/id"),
        ("/0/12", "/*/*"),
        ("/v1/x0", "/v1/x0"),
        ("/rows/01", "/rows/01"),
        ("", ""),
    ],
)
def test_without_indices(at: str, general: str) -> None:
    assert pointer.without_indices(at) == general
