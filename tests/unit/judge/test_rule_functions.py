"""Functions of laws: what the server sends never breaks them."""

from typing import Any

import pytest

from batchproof.contract.expressions import Bindings, Expression, NotEvaluable
from batchproof.judge.functions import adds_up, sorted_by_time

BY_TIME = {"rows": "/rows", "by": "/at", "direction": "desc"}
SUM = {"at": "/sum", "parts": "/parts/*", "total": "/total"}


@pytest.mark.parametrize("rows", [None, 5, "x", [{"at": 1}], [{"at": "2024-01-01T00:00:00"}], [{}]])
def test_rows_without_times_are_not_judged(rows: Any) -> None:
    with pytest.raises(NotEvaluable):
        sorted_by_time({"response": {"rows": rows}}, BY_TIME)


@pytest.mark.parametrize("parts", [[10**400], ["1"], [True]])
def test_parts_that_are_no_numbers_are_not_judged(parts: list[Any]) -> None:
    with pytest.raises(NotEvaluable):
        adds_up({"self": {"sum": {"parts": parts, "total": 1}}}, SUM)


@pytest.mark.parametrize(
    "source", ["self.a[5] == 1", "1 / self.zero == 1", "1 % self.zero == 1", "self.b == 1"]
)
def test_expressions_that_lead_nowhere_are_not_judged(source: str) -> None:
    with pytest.raises(NotEvaluable):
        Expression(source).holds(Bindings({"self": {"a": [1], "zero": 0}}))
