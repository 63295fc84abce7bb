"""What passes and what does not: each pair is judged by the contract itself."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.report.explanation import explain
from batchproof.report.instances import examples, instances
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


SIGNED = 'of the body {"id": 1}, signed at 1782907200 with the secret secret'

# made by looking further: properties that no example has, whole bodies, and what a contract declares of several answers
FURTHER = {
    "extend/2026-02-09": {
        "batch_run.status.cancelling": ('"CANCELLED" at /status', '"CANCELLING" at /status'),
        "batch_run": (
            "the body is an object with object, id, status, runCount and more",
            "the body is an empty array",
        ),
        "error.doc_url": ('"text" at /docUrl', "7 at /docUrl"),
        "split_run.config.advanced_options.known": (
            '"high_precision" at /config/advancedOptions/splitMethod',
            '"other" at /config/advancedOptions/splitMethod',
        ),
        "error.internal": (
            "a generated request with a text of 10,000 characters is answered 400",
            "it is answered 500",
        ),
        "webhook.signature": (
            f"x-extend-request-signature {SIGNED}, begins with 591bf696500c",
            'it begins with abc818f07120, as for the body {"id":1}',
        ),
        "webhook.timestamp.fresh": (
            "x-extend-request-timestamp is 2 s old when the delivery arrives",
            "it is 301 s old",
        ),
        "webhook.version": (
            "x-extend-api-version is 2026-02-09",
            "a delivery without x-extend-api-version",
        ),
        "webhook.run.status": (
            "the payload of extract_run.processed has the status PROCESSED",
            "it has the status FAILED",
        ),
        "webhook.run.settled": (
            "after extract_run.processed has arrived, a read shows PROCESSED",
            "it shows PENDING",
        ),
    },
    "talonic/v1": {
        "document.error.absent": ("null at /error", '"other" at /error'),
        "list_batches.cursor": (
            "list_batches is answered 200",
            "it is answered 400",
            "GET /v1/batches, asked for with the token of the page before",
        ),
    },
}


def without_kept_examples(contract: Contract, folder: Path) -> Contract:
    """``contract`` with nothing but what its documented examples show."""
    shutil.copytree(contract.folder / "examples", folder / "examples")
    return replace(contract, folder=folder)


@pytest.mark.parametrize("name", FURTHER)
def test_further_pairs(name: str, tmp_path: Path) -> None:
    loaded = load_contract(name)
    assert len(examples(loaded)) > 0
    bare = without_kept_examples(loaded, tmp_path)
    found = {row: instances(bare, loaded.requirements[row]) for row in FURTHER[name]}
    assert found == {row: Instances(*pair) for row, pair in FURTHER[name].items()}


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


def test_a_row_without_a_pair_says_so_on_its_card(contract: Contract, tmp_path: Path) -> None:
    bare = without_kept_examples(contract, tmp_path)
    described = " ".join(explain(bare, "list_extract_runs.batch.ended", {}).split())
    assert "For example * none can be made of the documented examples" in described
    assert "none can be made" not in explain(contract, "batch_run.status.enum", {})
    unsettled = next(row.id for row in contract.requirements.values() if row.interpretations)
    assert "For example" not in explain(contract, unsettled, {})
