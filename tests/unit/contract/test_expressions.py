"""Invariants in CEL: an invariant that the data does not allow to evaluate is neither kept nor broken."""

from typing import Any

import pytest

from batchproof.contract.expressions import Bindings, Expression, NotEvaluable


@pytest.mark.parametrize(
    ("source", "values", "expected"),
    [
        ("self.count == size(request.inputs)", {"self": {"count": 2}, "request": {"inputs": [1, 2]}}, True),
        ("self.count == size(request.inputs)", {"self": {"count": 3}, "request": {"inputs": [1, 2]}}, False),
        ("timestamp(self.a) < timestamp(self.b)", {"self": {"a": "2026-01-01T00:00:00Z", "b": "2026-01-01T01:00:00+00:30"}}, True),
        ("rows.all(r, r.status in ['done'])", {"rows": [{"status": "done"}, {"status": "queued"}]}, False),
        ("!has(self.a) || self.a > 1", {"self": {}}, True),
        ("request == null", {"request": None}, True),
    ],
)  # fmt: skip
def test_expression_holds_or_not(source: str, values: dict[str, Any], expected: bool) -> None:
    assert Expression(source).holds(Bindings(values)) is expected


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("self.missing == 1", {"self": {}}),
        ("self.a.b == 1", {"self": {"a": None}}),
        ("self.a > 1", {"self": {"a": "text"}}),
        ("timestamp(self.a) == timestamp(self.a)", {"self": {"a": "yesterday"}}),
        ("int(self.a) > 1", {"self": {"a": "many"}}),
        ("self.a", {"self": {"a": 1}}),
        ("size(self)", {"self": {}}),
        ("other == 1", {"self": {}}),
        ("self.a + 1 > 0", {"self": {"a": 2**63 - 1}}),
    ],
)
def test_what_cannot_be_evaluated_says_nothing(source: str, values: dict[str, Any]) -> None:
    with pytest.raises(NotEvaluable):
        Expression(source).holds(Bindings(values))


@pytest.mark.parametrize(
    ("source", "described"), [("self.a", "yields int, not a boolean"), ("self.b == 1", "'b'")]
)
def test_why_nothing_can_be_said(source: str, described: str) -> None:
    with pytest.raises(NotEvaluable) as raised:
        Expression(source).holds(Bindings({"self": {"a": 1}}))
    assert str(raised.value) == described


def test_bindings_may_be_used_twice() -> None:
    bindings = Bindings({"self": {"a": 1}})
    holds = [Expression(source).holds(bindings) for source in ("self.a == 1", "self.a == 2")]
    assert holds == [True, False]


def test_variables_of_an_expression() -> None:
    assert Expression("self.a == oldSelf.a && size(self.b) > 0").variables == {"self", "oldSelf"}


@pytest.mark.parametrize("source", ["self.", "a ===", "(", "a b"])
def test_what_is_not_cel_is_refused(source: str) -> None:
    with pytest.raises(ValueError):
        Expression(source)
