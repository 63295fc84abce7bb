"""What the functions of invariants find wrong, in words."""

from typing import Any

import pytest

from batchproof.judging.functions import FUNCTIONS
from batchproof.judging.words.functions import in_words
from batchproof.judging.wrong import Wrong

TIMES = {"rows": [{"at": "2026-01-01T00:00:00Z"}, {"at": "2026-01-01T00:00:01Z"}]}


@pytest.mark.parametrize(
    ("function", "variables", "arguments", "text"),
    [
        (
            "agrees",
            {"row": {"a": {"b": 1}}, "self": {"a": {"b": 2}}},
            {},
            "a.b is 1 in the list, and 2 in detail",
        ),
        ("keeps", {"oldSelf": {"a": 1}, "self": {"a": 2}}, {"at": "/a"}, "a changed from 1 to 2"),
        (
            "distinct",
            {"rows": [{"id": "i1"}, {"id": "i1"}]},
            {"at": "/id"},
            "id i1 stands there more than once",
        ),
        (
            "finds_known",
            {"query": {"kind": "x"}, "known": [{"id": "i1", "kind": "x"}], "rows": []},
            {"parameter": "kind", "at": "/kind"},
            "a list with kind=x lacks i1",
        ),
        (
            "one_to_one",
            {"request": {"inputs": [{"n": "a1"}, {"n": "a2"}]}, "rows": [{"n": "a1"}, {"n": "a1"}]},
            {"of": "/inputs/*/n", "at": "/n"},
            "n: what was asked for with a2 is missing and a1 is there, which was not asked for",
        ),
        (
            "same_id",
            {"path": {"id": "i1"}, "response": {"id": "i2"}},
            {"one": "/response/id", "other": "/path/id"},
            "id is i2, and the id in the path is i1",
        ),
        (
            "paths_lead",
            {"self": {"paths": {"a.b": {}}, "value": {"a": {}}}},
            {"paths": "/paths", "value": "/value"},
            'paths names "a.b", which value does not have',
        ),
        (
            "adds_up",
            {"self": {"costs": [{"parts": [{"n": 1}, {"n": 2}], "total": 4}]}},
            {"at": "/costs/*", "parts": "/parts/*/n", "total": "/total"},
            "costs[0].total is 4, and the sum of parts[].n is 3",
        ),
        (
            "sorted_by_time",
            {"response": TIMES},
            {"rows": "/rows", "by": "/at", "direction": "desc"},
            "at is not descending: 2026-01-01T00:00:00Z stands before 2026-01-01T00:00:01Z",
        ),
        (
            "conforms",
            {"self": {"value": {"n": "x"}, "schema": {"properties": {"n": {"type": "number"}}}}},
            {"value": "/value", "schema": "/schema"},
            "value.n does not fit schema, the schema that it was asked for with",
        ),
    ],
)
def test_what_is_wrong(
    function: str, variables: dict[str, Any], arguments: dict[str, str], text: str
) -> None:
    wrong = FUNCTIONS[function](variables, arguments)
    assert isinstance(wrong, Wrong)
    assert in_words(function, wrong.observed, arguments) == text


def test_every_function_has_words() -> None:
    described = [case[0] for case in test_what_is_wrong.pytestmark[0].args[1]]
    assert sorted(described) == sorted(FUNCTIONS)
