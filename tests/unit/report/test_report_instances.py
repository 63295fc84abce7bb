"""What passes and what does not: each pair is judged by the contract itself."""

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.report.explanation import explain
from batchproof.report.instances import instances
from batchproof.report.pair import Instances

PAIRS = {
    "batch_run.status.enum": ('"CANCELLED" at /status', '"cancelled" at /status'),
    "batch_run.status.terminal": (
        "PROCESSED, then PROCESSED at a later look",
        "PROCESSED, then CANCELLED at a later look",
    ),
    "batch_run.status.order": (
        "PENDING, then PROCESSING at a later look",
        "PROCESSING, then PENDING at a later look",
    ),
    "batch_run.run_count.range": ("3 at /runCount", "-1 at /runCount"),
    "extract_run.output.absent": ("null at /output", '"other" at /output'),
    "batch_run.created_at.constant": (
        '"2024-03-21T16:45:00Z" at /createdAt, after a look with the first of the two values',
        '"2001-03-21T16:45:00Z" at /createdAt, after a look with the first of the two values',
    ),
    "get_batch_run.not_found.code": (
        '"NOT_FOUND" at /code, of an answer with 404',
        '"not_found" at /code, of an answer with 404',
    ),
    "submit_extract_batch.pending": ('"PENDING" at /status', '"PROCESSING" at /status'),
    "list_extract_runs.max_page_size": (
        "1 element at /data, asked with maxPageSize 1",
        "2 elements at /data, asked with maxPageSize 1",
    ),
    "submit_extract_batch.inputs.max": (
        "the changed request is answered 400 or 422",
        "it is answered 200, as the control is",
    ),
    "get_batch_run.success": (
        "get_batch_run is answered 200",
        "a valid request to get_batch_run is answered 418",
    ),
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract("extend/2026-02-09")


@pytest.mark.parametrize("row", PAIRS)
def test_a_pair(contract: Contract, row: str) -> None:
    assert instances(contract, contract.requirements[row]) == Instances(*PAIRS[row])


def test_what_must_be_there_is_not_there(contract: Contract) -> None:
    loaded = load_contract("extend/2025-04-21")
    found = instances(loaded, loaded.requirements["get_batch_processor_run.body"])
    assert found is not None
    assert found.fails == "nothing at /batchProcessorRun"


def test_a_rule_about_one_object() -> None:
    loaded = load_contract("talonic/v1")
    found = instances(loaded, loaded.requirements["batch.counts.within"])
    assert found == Instances("3 at /item_count", "-1 at /item_count")


def test_rows_that_contradict_themselves_have_none(contract: Contract) -> None:
    assert {instances(contract, row) for row in contract.requirements.values() if row.interpretations} == {
        None
    }


def test_a_row_without_a_pair_says_so_on_its_card(contract: Contract) -> None:
    described = " ".join(explain(contract, "list_extract_runs.batch.ended", {}).split())
    assert "For example * none can be made of the documented examples" in described
    assert "none can be made" not in explain(contract, "batch_run.status.enum", {})
    unsettled = next(row.id for row in contract.requirements.values() if row.interpretations)
    assert "For example" not in explain(contract, unsettled, {})
