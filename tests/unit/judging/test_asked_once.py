"""Conditions of invariants: shared, asked in any order, and no more often than their values change."""

from typing import Any

import pytest

from batchproof.contract.cel import Environment
from batchproof.contract.expressions import Bindings, Expression
from batchproof.judging.asked_once import AskedOnce, Wanted

WHENS = (
    None,
    "self.status == 'DONE'",
    "self.status == 'DONE' && has(self.output)",
    "has(self.output) && self.output.size > 1 && self.status == 'DONE'",
    "query.all == 'yes' && self.status != 'DONE'",
    "self.status",
)


def speaking(asked: AskedOnce, **values: Any) -> list[int]:
    return sorted(asked.speaking(Bindings(values)))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"self": {"status": "DONE"}}, [0, 1]),
        ({"self": {"status": "DONE", "output": {"size": 2}}}, [0, 1, 2, 3]),
        ({"self": {"status": "DONE", "output": {}}}, [0, 1, 2]),
        ({"self": {"status": "NEW"}, "query": {"all": "yes"}}, [0, 4]),
        ({"self": {"status": "NEW"}, "query": {}}, [0]),
        ({}, [0]),
    ],
)
def test_invariant_speaks_where_all_of_its_conditions_are_true(
    values: dict[str, Any], expected: list[int]
) -> None:
    wanted = Wanted([None if when is None else Expression(when) for when in WHENS])
    assert speaking(AskedOnce(wanted), **values) == expected


def test_what_is_said_of_the_very_same_value_holds() -> None:
    asked_of: list[Any] = []
    wanted = Wanted([Expression("query.all == 'yes' && row.status == 'DONE'")] * 2)

    def meaning(environment: Environment) -> bool:
        asked_of.append(environment["query"])
        return True

    wanted.parts[:] = [
        part._replace(meaning=meaning) if part.variables == {"query"} else part for part in wanted.parts
    ]
    asked, query = AskedOnce(wanted), {"all": "yes"}
    said = [speaking(asked, query=query, row={"status": status}) for status in ("DONE", "NEW", "DONE")]
    other = speaking(asked, query={"all": "yes"}, row={"status": "DONE"})
    assert (said, other, len(asked_of)) == ([[0, 1], [], [0, 1]], [0, 1], 2)
