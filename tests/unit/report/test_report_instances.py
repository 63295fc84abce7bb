"""What passes and what does not: each pair is judged by the contract itself."""

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.report.instances import Instances, instances

# at least so many rows of each contract, in percent of those that can be tested and do not contradict themselves
SHARE = {"extend/2025-04-21": 60, "talonic/v1": 55}

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
    assert {instances(contract, row) for row in contract.requirements.values() if row.readings} == {None}


@pytest.mark.parametrize("name", SHARE)
def test_most_rows_have_a_pair(name: str) -> None:
    loaded = load_contract(name)
    rows = [row for row in loaded.requirements.values() if not row.untestable_because and not row.readings]
    found = [row for row in rows if instances(loaded, row) is not None]
    assert 100 * len(found) // len(rows) >= SHARE[name]
