"""Why a rule does not hold, in words: the part that decides it, with the values that it looked at, and no expression."""

from typing import Any

import pytest

from batchproof.contract import load_contract
from batchproof.judging.words.rules import where, why_not

RULES: list[tuple[str, dict[str, Any], str]] = [
    # comparisons
    (
        "size(response.data) <= int(query.maxPageSize)",
        {"response": {"data": [1, 2, 3]}, "query": {"maxPageSize": "2"}},
        "data has 3 elements, more than the parameter maxPageSize (2)",
    ),
    ("self.count == 2", {"self": {"count": 3}}, "count is 3, not 2"),
    ("self.status != 'DONE'", {"self": {"status": "DONE"}}, "status is DONE"),
    ("self.status in ['A', 'B']", {"self": {"status": "c"}}, 'status is "c", which is none of A, B'),
    ("!(status in [400, 422])", {"status": 422}, "the answer has the status 422"),
    ("status == 200", {"status": 404}, "the answer has the status 404, not 200"),
    ("self.a + self.b == self.all", {"self": {"a": 1, "b": 2, "all": 4}}, "a + b is 3, not all (4)"),
    (
        "row.kind == query.kind",
        {"row": {"kind": "X"}, "query": {"kind": "Y"}},
        "kind in the list is X, not the parameter kind (Y)",
    ),
    (
        "size(rows) == size(request.inputs)",
        {"rows": [1], "request": {"inputs": [1, 2]}},
        "the list has 1 row, not the 2 in inputs of the request",
    ),
    # presence
    ("has(self.end) && self.end != null", {"self": {}}, "end is missing"),
    ("has(self.end) && self.end != null", {"self": {"end": None}}, "end is null"),
    ("!has(self.end) || self.end == null", {"self": {"end": "x"}}, 'end is "x"'),
    ("!has(response.items)", {"response": {"items": []}}, "items is there"),
    (
        "(has(row.a) && row.a != null) == (has(self.a) && self.a != null)",
        {"row": {"a": None}, "self": {"a": "x"}},
        'a in the list is null, but a is "x"',
    ),
    # two looks
    ("self.n == oldSelf.n", {"oldSelf": {"n": 1}, "self": {"n": 2}}, "n changed from 1 to 2"),
    ("self.n >= oldSelf.n", {"oldSelf": {"n": 2}, "self": {"n": 1}}, "n changed from 2 to 1"),
    (
        "double(self.n) - double(oldSelf.n) < 0.01",
        {"oldSelf": {"n": 2}, "self": {"n": 4}},
        "n changed from 2 to 4",
    ),
    (
        "self.config == oldSelf.config",
        {"oldSelf": {"config": {"a": [1, {"b": 2}]}}, "self": {"config": {"a": [1, {"b": 3}]}}},
        "config.a[1].b changed from 2 to 3",
    ),
    (
        "self.config == oldSelf.config",
        {"oldSelf": {"config": {"a": 1}}, "self": {"config": {}}},
        "config.a changed from 1 to missing",
    ),
    (
        "self.end != null && same_moment(self.end, oldSelf.end)",
        {"oldSelf": {"end": "A1"}, "self": {"end": None}},
        "end changed from A1 to null",
    ),
    (
        "!same_moment(self.at, oldSelf.at)",
        {"oldSelf": {"at": "2026-01-01T00:00:00Z"}, "self": {"at": "2026-01-01T00:00:00Z"}},
        "at stayed 2026-01-01T00:00:00Z",
    ),
    # times
    (
        "not_before(self.end, self.begin)",
        {"self": {"end": "2026-01-01T00:00:00Z", "begin": "2026-01-02T00:00:00Z"}},
        "end is 2026-01-01T00:00:00Z, earlier than begin (2026-01-02T00:00:00Z)",
    ),
    # lists
    (
        "rows.all(r, r.status != 'DONE' || (has(r.out) && r.out != null))",
        {"rows": [{"status": "NEW"}, {"status": "DONE", "out": None}]},
        "out of row 2 is null where status of row 2 is DONE",
    ),
    (
        "self.files.exists(f, f.name == request.name)",
        {"self": {"files": [{"name": "a"}, {"name": "b"}]}, "request": {"name": "c"}},
        'none of the 2 in files has name "c"',
    ),
    (
        "self.files.exists(f, f.id == 'i1' && f.size == 3)",
        {"self": {"files": [{"id": "i1", "size": 4}, {"id": "i2", "size": 9}]}},
        "files[0].size is 4, not 3",
    ),
    (
        "self.files.all(f, self.files.exists_one(o, o.id == f.id))",
        {"self": {"files": [{"id": "i1"}, {"id": "i1"}]}},
        "2 of the 2 in files have id i1",
    ),
    (
        "!rows.exists(r, r.status in ['NEW'])",
        {"rows": [{"status": "DONE"}, {"status": "NEW"}]},
        "status of row 2 is NEW",
    ),
    (
        "request.metadata.all(k, k in self.metadata && self.metadata[k] == request.metadata[k])",
        {"request": {"metadata": {"a": "1"}}, "self": {"metadata": {"a": "2"}}},
        'metadata.a is "2", not metadata.a of the request ("1")',
    ),
    (
        "size(response.items.filter(i, i.status == 'done')) == response.done",
        {"response": {"items": [{"status": "done"}], "done": 2}},
        '1 of items with status "done", not done (2)',
    ),
    # texts
    (
        "self.link.endsWith('/' + self.id)",
        {"self": {"link": "/x/1", "id": "i2"}},
        'link is "/x/1", which does not end with "/i2"',
    ),
    (
        "headers['retry-after'].matches('^[0-9]+$')",
        {"headers": {"retry-after": "soon"}},
        'the header retry-after is "soon", which does not have the documented form',
    ),
    (
        "!('invalid_utf8' in oddities)",
        {"oddities": ["invalid_utf8"]},
        "the JSON of the answer has invalid utf8",
    ),
    # choices
    (
        "self.status == 'NEW' ? self.n <= 1 : self.n == 1",
        {"self": {"status": "DONE", "n": 2}},
        "n is 2, not 1",
    ),
    (
        "status == {'gone': 410}[response.code]",
        {"status": 404, "response": {"code": "gone"}},
        "the answer has the status 404, not 410",
    ),
]


@pytest.mark.parametrize(("rule", "variables", "text"), RULES)
def test_why_a_rule_does_not_hold(rule: str, variables: dict[str, Any], text: str) -> None:
    assert why_not(rule, variables).text == text


def test_a_change_names_the_property_and_both_values() -> None:
    reason = why_not("self.n == oldSelf.n", {"oldSelf": {"n": "A"}, "self": {"n": None}})
    assert reason.change == ("n", "A", "null")


@pytest.mark.parametrize(
    ("condition", "variables", "text"),
    [
        ("self.status == 'DONE' && has(self.n)", {"self": {"status": "DONE", "n": 1}}, "status is DONE"),
        ("status in [400, 422]", {"status": 400}, "the answer has the status 400"),
        ("response != null", {"response": {}}, ""),
        (
            "oldSelf.status != self.status",
            {"oldSelf": {"status": "A"}, "self": {"status": "B"}},
            "status changed from A to B",
        ),
    ],
)
def test_the_case_that_a_rule_speaks_of(condition: str, variables: dict[str, Any], text: str) -> None:
    assert where(condition, variables) == text


VALUES: list[Any] = [
    None,
    True,
    -1,
    2.5,
    10**400,
    "",
    "text",
    "²",
    "x" * 10_000,
    "2026-01-01T00:00:00Z",
    [],
    [{}],
    [{"id": "a"}],
    {},
    {"id": "a", "status": "DONE", "²": {"x": [1]}},
]


@pytest.mark.parametrize("contract", ["extend/2026-02-09", "extend/2025-04-21", "talonic/v1"])
def test_whatever_a_server_sends_the_words_are_short_and_hold_no_expression(contract: str) -> None:
    for compiled in load_contract(contract).invariants:
        if compiled.invariant.rule is None:
            continue
        for number, value in enumerate(VALUES):
            other = VALUES[(number + 1) % len(VALUES)]
            first, *more = sorted(compiled.variables)
            variables = {first: {"id": value, "status": other}, **dict.fromkeys(more, value)}
            text = why_not(compiled.invariant.rule, variables).text
            assert "&&" not in text
            assert len(text) < 2_000
