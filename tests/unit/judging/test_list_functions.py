"""Functions of invariants about lists, and about two views of one object."""

from typing import Any

import pytest

from batchproof.contract.expressions import NotEvaluable
from batchproof.judging.agreement import agrees, keeps
from batchproof.judging.list_functions import distinct, finds_known, one_to_one

BY_STATUS = {"parameter": "status", "at": "/status", "besides": "size"}
LABELS = {"of": "/inputs/*/label", "at": "/label"}


def rows(*ids: str) -> list[dict[str, str]]:
    return [{"id": name} for name in ids]


def known(**statuses: Any) -> list[dict[str, Any]]:
    return [{"id": name, "status": status} for name, status in statuses.items()]


def filtered(**changes: Any) -> dict[str, Any]:
    whole = {"query": {"status": "done"}, "rows": rows("a"), "known": known(a="done", b="failed")}
    return {**whole, **changes}


def test_all_that_is_known_is_found_without_a_filter() -> None:
    whole = {"query": {"size": "5"}, "rows": rows("a"), "known": [], "still": known(a="done", b="failed")}
    wrong = finds_known(whole, {"besides": "size", "of": "still"})
    assert not wrong
    assert wrong.observed["missing"] == ["b"]
    assert finds_known({**whole, "rows": rows("b", "a")}, {"besides": "size", "of": "still"}) is True
    with pytest.raises(NotEvaluable):
        finds_known({**whole, "query": {"status": "done"}}, {"besides": "size", "of": "still"})


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ({}, ["a", "b", "c"]),
        ({"status": "done"}, ["a", "b"]),
        ({"status": "done", "kind": "x"}, ["a"]),
        ({"kind": "y", "size": "5"}, ["b", "c"]),
    ],
)
def test_several_filters_count_together(query: dict[str, str], missing: list[str]) -> None:
    still = [
        {"id": "a", "status": "done", "kind": "x"},
        {"id": "b", "status": "done", "kind": "y"},
        {"id": "c", "status": "failed", "kind": "y"},
    ]
    arguments = {"filters": "status=/status kind=/kind", "besides": "size", "of": "still"}
    wrong = finds_known({"query": query, "rows": [], "still": still}, arguments)
    assert not wrong
    assert wrong.observed["missing"] == missing
    with pytest.raises(NotEvaluable):
        finds_known({"query": {**query, "name": "n"}, "rows": [], "still": still}, arguments)


@pytest.mark.parametrize("query", [{"status": "done"}, {"status": "done", "size": "5"}])
def test_known_objects_are_found_by_their_filter(query: dict[str, str]) -> None:
    assert finds_known(filtered(query=query), BY_STATUS) is True
    wrong = finds_known(filtered(query=query, rows=rows("b")), BY_STATUS)
    assert not wrong
    assert wrong.observed == {"query": query, "missing": ["a"]}


def test_known_objects_are_found_by_a_part_of_their_value() -> None:
    by_part = {**BY_STATUS, "match": "contains"}
    asked = filtered(query={"status": "on"}, known=known(a="done", b="gone", c="failed", d=None))
    wrong = finds_known(asked, by_part)
    assert not wrong
    assert wrong.observed["missing"] == ["b"]
    assert finds_known({**asked, "rows": rows("a", "b")}, by_part) is True


@pytest.mark.parametrize(
    "changes",
    [
        {"query": {}},
        {"query": {"size": "5"}},
        {"query": {"status": "done", "name": "x"}},
        {"query": {"status": "cancelled"}},
        {"known": []},
        {"known": [{"id": "c"}, {"id": "d", "status": {}}]},
    ],
    ids=["no-filter", "another", "and-another", "nobody", "nothing", "without-the-value"],
)
def test_filter_that_nobody_known_passes_is_not_judged(changes: dict[str, Any]) -> None:
    with pytest.raises(NotEvaluable):
        finds_known(filtered(rows=[], **changes), BY_STATUS)


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (False, "false"), (5, "5"), ("x", "x")])
def test_values_as_a_query_spells_them(value: Any, text: str) -> None:
    values = {"query": {"q": text}, "rows": rows("b"), "known": [{"key": "a", "v": value}]}
    assert not finds_known(values, {"parameter": "q", "at": "/v", "id": "/key"})


def test_list_without_a_filter_shows_every_known_object() -> None:
    whole = filtered(query={"size": "5"}, rows=rows("a", "b", "c"))
    assert finds_known(whole, {"besides": "size"}) is True
    wrong = finds_known({**whole, "rows": rows("c")}, {"besides": "size"})
    assert not wrong
    assert wrong.observed == {"query": {"size": "5"}, "missing": ["a", "b"]}


@pytest.mark.parametrize("changes", [{}, {"query": {}, "known": []}], ids=["a-filter", "nothing-known"])
def test_list_of_which_nothing_is_known_is_not_judged(changes: dict[str, Any]) -> None:
    with pytest.raises(NotEvaluable):
        finds_known(filtered(**changes), {"besides": "size"})


def test_values_of_rows_are_distinct() -> None:
    assert distinct({"rows": rows("a", "b")}, {"at": "/id"}) is True
    wrong = distinct({"rows": rows("a", "b", "a")}, {"at": "/id"})
    assert not wrong
    assert wrong.observed == {"more than once": ["a"]}
    in_a_response = {"response": {"items": rows("a", "a")}}
    assert not distinct(in_a_response, {"at": "/id", "rows": "/items"})
    assert distinct({"rows": [{"id": 1}, {"id": "1"}]}, {"at": "/id"}) is True


@pytest.mark.parametrize("given", [[], rows("a"), [{"id": None}, {"id": None}], [{}, {}, {"id": "a"}]])
def test_fewer_than_two_values_are_not_judged(given: list[Any]) -> None:
    with pytest.raises(NotEvaluable):
        distinct({"rows": given}, {"at": "/id"})


@pytest.mark.parametrize("function", [distinct, one_to_one])
def test_response_without_rows_is_not_judged(function: Any) -> None:
    with pytest.raises(NotEvaluable):
        function({"response": {}, "request": {"inputs": [{"label": "x"}]}}, {**LABELS, "rows": "/items"})


def labelled(*labels: str | None) -> list[dict[str, Any]]:
    return [{"label": label} for label in labels]


def test_each_input_has_its_row() -> None:
    request = {"inputs": labelled("x", "y", "y")}
    assert one_to_one({"request": request, "rows": labelled("y", "x", "y")}, LABELS) is True
    wrong = one_to_one({"request": request, "rows": labelled("x", "x", "y")}, LABELS)
    assert not wrong
    assert wrong.observed == {"missing": ["y"], "more": ["x"]}


@pytest.mark.parametrize(
    ("request_", "given"),
    [
        (None, ["x"]),
        ({"inputs": []}, ["x"]),
        ({"inputs": labelled("x")}, []),
        ({"inputs": labelled("x")}, [None]),
    ],
)
def test_nothing_to_pair_is_not_judged(request_: Any, given: list[Any]) -> None:
    with pytest.raises(NotEvaluable):
        one_to_one({"request": request_, "rows": labelled(*given)}, LABELS)


def views(row: Any, detail: Any, excepted: str = "") -> Any:
    return agrees({"row": row, "self": detail}, {"except": excepted})


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ({"a": 1, "only": 2}, {"a": 1.0, "other": 3}),
        ({"a": {"b": [1, {"c": "x"}]}}, {"a": {"b": [1, {"c": "x", "d": 5}]}}),
        ({"at": "2026-01-01T00:00:00Z"}, {"at": "20260101T010000.123+0100"}),
        ({"a": 1, "b": None}, {"a": 1, "b": "x"}),
        ({"sum": 0.1 + 0.2}, {"sum": 0.3}),
    ],
    ids=["numbers", "depth", "times", "null-is-absent", "noise"],
)
def test_views_agree_in_what_both_have(row: Any, detail: Any) -> None:
    assert views(row, detail) is True


@pytest.mark.parametrize(
    ("row", "detail", "differing"),
    [
        ({"a": 1}, {"a": 2}, {"/a": {"row": 1, "self": 2}}),
        ({"a": 1}, {"a": "1"}, {"/a": {"row": 1, "self": "1"}}),
        ({"a": True}, {"a": 1}, {"/a": {"row": True, "self": 1}}),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"c": 2}]}}, {"/a/b/0/c": {"row": 1, "self": 2}}),
        ({"a": [1]}, {"a": [1, 2]}, {"/a": {"row": [1], "self": [1, 2]}}),
        ({"a": {}}, {"a": []}, {"/a": {"row": {}, "self": []}}),
        (
            {"at": "2026-01-01T00:00:00Z"},
            {"at": "2026-01-01T00:00:01Z"},
            {"/at": {"row": "2026-01-01T00:00:00Z", "self": "2026-01-01T00:00:01Z"}},
        ),
    ],
)
def test_views_that_disagree(row: Any, detail: Any, differing: Any) -> None:
    wrong = views(row, detail)
    assert not wrong
    assert wrong.observed == differing


def test_exceptions_are_left_out_with_what_stands_below() -> None:
    row, detail = (
        {"a": [{"x": 1, "y": 1}], "b": {"c": 1}, "d": 1},
        {"a": [{"x": 2, "y": 1}], "b": {"c": 2}, "d": 1},
    )
    assert views(row, detail, "/a/*/x /b") is True
    assert not views(row, detail, "/a/*/x /b/d")


@pytest.mark.parametrize(("row", "detail"), [({"a": 1}, {"b": 1}), ({"a": None}, {"a": 1}), ({}, {})])
def test_views_with_nothing_in_common_are_not_judged(row: Any, detail: Any) -> None:
    with pytest.raises(NotEvaluable):
        views(row, detail)
    with pytest.raises(NotEvaluable):
        views({"x": 1}, {"x": 2}, "/*")


@pytest.mark.parametrize(
    ("row", "detail", "expected"),
    [
        ({"id": "a", "link": "x"}, {"id": "a", "link": "y"}, True),
        ({"id": "a", "notes": {"own": 1}}, {"id": "a", "notes": {"own": 2}}, False),
        ({"id": "a", "parts": [{"id": "b"}]}, {"id": "a", "parts": [{"id": "c"}]}, False),
        ({"id": "a", "parts": [{"link": "b"}]}, {"id": "a", "parts": [{"link": "c"}]}, True),
    ],
)
def test_views_agree_in_what_has_a_known_name(row: Any, detail: Any, *, expected: bool) -> None:
    arguments = {"names": "id notes parts", "free": "/notes"}
    assert bool(agrees({"row": row, "self": detail}, arguments)) is expected


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1}, "c": 2}, None),
        ({"a": {"b": 1, "x": None}}, {"a": {"b": 1.0, "x": 3}}, None),
        ({"a": {"b": 1}, "c": 1}, {"a": {"b": 2}, "c": 2}, {"/a/b": {"oldSelf": 1, "self": 2}}),
        ({"a": {"b": 1, "d": 1}}, {"a": {"b": 1, "d": 2}}, None),
    ],
)
def test_what_is_kept_is_the_same_in_both_looks(old: Any, new: Any, differing: Any) -> None:
    kept = keeps({"oldSelf": old, "self": new}, {"at": "/a /e", "except": "/a/d"})
    assert (kept if differing is None else kept.observed) == (True if differing is None else differing)


def test_looks_without_anything_in_common_are_not_judged() -> None:
    with pytest.raises(NotEvaluable):
        keeps({"oldSelf": {"a": None}, "self": {"a": 1}}, {"at": "/a"})
