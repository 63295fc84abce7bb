"""Operations against aspects: every pair has a requirement, or a reason why it has none."""

import dataclasses
from collections.abc import Callable

import pytest

from batchproof.contract import Contract, installed_contracts, load_contract
from batchproof.contract.model import Hole
from batchproof.report.coverage import coverage, coverage_lines
from batchproof.report.grid import ASPECTS, grid, stale, unexplained

CONTRACTS = installed_contracts()


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_pair_is_without_requirement_and_reason(name: str) -> None:
    assert unexplained(load_contract(name)) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_no_reason_stands_where_there_is_a_requirement(name: str) -> None:
    assert stale(load_contract(name)) == []


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_page_and_the_numbers_tell_every_pair(name: str) -> None:
    contract = load_contract(name)
    described = coverage(contract)
    pairs = [(operation, aspect) for operation in contract.manifest.operations for aspect in ASPECTS]
    empty = {(operation, aspect) for operation, reasons in described["holes"].items() for aspect in reasons}
    assert empty == {
        (operation, aspect) for operation, aspect in pairs if not described["operations"][operation][aspect]
    }
    assert (
        f"operations x aspects: {len(pairs)} pairs, {len(pairs) - len(empty)} with requirements, "
        in "\n".join(coverage_lines(contract))
    )


@pytest.fixture
def holed() -> Callable[..., Contract]:
    def make(*holes: Hole) -> Contract:
        return dataclasses.replace(load_contract("talonic/v1"), holes=holes)

    return make


def test_a_pair_without_a_reason_is_found(holed: Callable[..., Contract]) -> None:
    contract = holed()
    assert ("list_sources", "presence") in unexplained(contract)
    assert "  neither a requirement nor a reason: list_sources, presence" in list(coverage_lines(contract))
    assert coverage(contract)["holes"]["list_sources"]["presence"] is None


def test_a_reason_too_many_is_found(holed: Callable[..., Contract]) -> None:
    contract = holed(Hole(operations=["get_*"], aspects=["shape"], reason="Nothing has a shape."))
    assert stale(contract) == [("get_batch", "shape"), ("get_document", "shape")]


def test_obvious_reasons_need_no_data(holed: Callable[..., Contract]) -> None:
    cells = grid(holed())
    assert cells["get_batch"]["pagination"].reason == "It is no list that is read in pages."
    assert cells["get_batch"]["webhook"].reason == "A delivery is no answer of an operation."
    assert cells["list_sources"]["transition"].reason == "It shows no object that has a life cycle."
    older = grid(load_contract("extend/2025-04-21"))
    assert older["get_processor_run"]["version"].reason == (
        "It is the same in every request, and tested with list_processor_runs."
    )
