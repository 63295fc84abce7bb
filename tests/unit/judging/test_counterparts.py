"""Counterparts: a look at a row beside one in detail, both at rest."""

from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract
from batchproof.contract.model import Invariant
from batchproof.history import Exchange
from batchproof.judging.attribution import Attribution
from batchproof.judging.invariant_cases import Seen, cases_of
from batchproof.judging.snapshots import collect, in_order


def row(build: ModuleType, at: float, name: str, status: str = "done") -> Exchange:
    return build.exchange("list_documents", at, body={"documents": [build.document(status, name=name)]})


def detail(build: ModuleType, at: float, name: str, status: str = "done") -> Exchange:
    return build.exchange("get_document", at, body=build.detail(status, name=name), path={"id": "d_1"})


def pairs(acme: Contract, *exchanges: Exchange) -> list[tuple[Any, Any]]:
    ordered = in_order(exchanges)
    looks = collect(acme, ordered)
    seen = Seen(ordered, ordered, looks, looks, [], [], Attribution(ordered))
    found = cases_of(acme, Invariant(requirement="document.name", each="counterpart", on="document"), seen)
    return [(case.variables["row"]["name"], case.variables["self"]["name"]) for case in found]


def test_last_row_stands_beside_the_last_detail(build: ModuleType, acme: Contract) -> None:
    assert pairs(acme, row(build, 1, "a"), detail(build, 2, "b"), detail(build, 3, "c")) == [("a", "c")]
    assert pairs(acme, detail(build, 2, "b"), row(build, 3, "a")) == [("a", "b")]


def test_earlier_row_stands_beside_the_detail_next_to_it(build: ModuleType, acme: Contract) -> None:
    looks = [row(build, 1, "a"), detail(build, 2, "b"), row(build, 3, "c"), detail(build, 4, "b")]
    assert pairs(acme, *looks, row(build, 5, "d")) == [("a", "b"), ("c", "b"), ("d", "b")]


def test_row_between_two_details_that_differ_is_left_out(build: ModuleType, acme: Contract) -> None:
    looks = [detail(build, 2, "b"), row(build, 3, "a"), detail(build, 4, "c"), row(build, 5, "d")]
    assert pairs(acme, *looks) == [("d", "c")]


@pytest.mark.parametrize(("one", "other"), [("running", "done"), ("done", "running"), ("done", "failed")])
def test_looks_in_two_states_are_no_controls(build: ModuleType, acme: Contract, one: str, other: str) -> None:
    assert pairs(acme, row(build, 1, "a", one), detail(build, 2, "b", other)) == []
