"""Why a rule holds: the part that another case breaks, with the values of the case that keeps it."""

from typing import Any

import pytest

from batchproof.judging.words.kept import why_kept

Values = dict[str, Any]
ENDED = {"status": "PROCESSED", "output": {"value": 1}}


@pytest.mark.parametrize(
    ("rule", "kept", "broken", "words"),
    [
        (
            "size(rows) <= int(query.limit)",
            {"rows": [1, 2], "query": {"limit": "2"}},
            {"rows": [1, 2, 3], "query": {"limit": "2"}},
            "the list has 2 rows, not more than the parameter limit (2)",
        ),
        (
            "self.a == 1 && self.b == 2",
            {"self": {"a": 1, "b": 2}},
            {"self": {"a": 1, "b": 3}},
            "b is 2",
        ),
        (
            "!has(self.error) || self.status == 'FAILED'",
            {"self": {"error": "x", "status": "FAILED"}},
            {"self": {"error": "x", "status": "PROCESSED"}},
            "status is FAILED",
        ),
        (
            "has(self.a) ? self.a > 1 : self.b > 1",
            {"self": {"a": 2}},
            {"self": {"a": 1}},
            "a is 2, more than 1",
        ),
        (
            "rows.all(r, r.status == query.status)",
            {"rows": [{"status": "A"}, {"status": "A"}], "query": {"status": "A"}},
            {"rows": [{"status": "A"}, {"status": "B"}], "query": {"status": "A"}},
            "status of row 2 is A, as the parameter status (A)",
        ),
        (
            "rows.all(r, r.status == 'A')",
            {"rows": []},
            {"rows": [{"status": "B"}]},
            "all of the 0 in the list have status A",
        ),
    ],
)
def test_why_a_rule_holds(rule: str, kept: Values, broken: Values, words: str) -> None:
    assert why_kept(rule, kept, broken) == words
