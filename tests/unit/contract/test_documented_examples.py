"""Every documented example gets the verdict that its file names, and breaks the requirements that it names."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest

from batchproof.contract import Contract, installed_contracts, load_contract
from batchproof.judging import judge
from batchproof.judging.evidence import Evidence
from batchproof.judging.shape import judge_shape

CONTRACTS = {name: load_contract(name) for name in installed_contracts()}
FILES = [
    pytest.param(contract, file, id=f"{name}/{file.stem}")
    for name, contract in CONTRACTS.items()
    for file in sorted((contract.folder / "examples").glob("*.json"))
]


def read(file: Path) -> dict[str, Any]:
    example = json.loads(file.read_text("utf-8"))
    assert isinstance(example, dict)
    return example


@pytest.mark.parametrize(("contract", "file"), FILES)
def test_an_example_is_described(contract: Contract, file: Path) -> None:
    example = read(file)
    assert list(example) == ["document", "schema", "valid", "why", "breaks", "instance"]
    assert example["document"] in contract.manifest.documents
    assert set(example["breaks"]) <= set(contract.requirements)
    assert example["valid"] == (not example["breaks"])
    assert example["valid"] or example["why"]


@pytest.mark.parametrize(("contract", "file"), FILES)
def test_an_example_gets_its_verdict(build: ModuleType, contract: Contract, file: Path) -> None:
    example = read(file)
    answered = [
        name
        for name, operation in contract.manifest.operations.items()
        if operation.success.schema == example["schema"]
    ]
    broken = (
        [broken_by_answer(build, contract, name, example["instance"]) for name in answered]
        if answered
        else [broken_by_body(build, contract, example)]
    )
    assert broken == [set(example["breaks"])] * len(broken)


def broken_by_answer(build: ModuleType, contract: Contract, operation: str, body: Any) -> set[str]:
    """What schemas, and invariants on single objects, find in an answer; an example has no request and no headers."""
    status = contract.manifest.operations[operation].success.statuses[0]
    exchange = build.exchange(operation, 1, status, body=body, sent_headers=dict(contract.manifest.headers))
    history = build.history([exchange])
    # nobody knows when an example was taken
    history = history._replace(header=msgspec.structs.replace(history.header, started_at=""))
    found = {row.id for row in judge(contract, history).failed}
    by_invariants = {
        compiled.invariant.requirement
        for compiled in contract.invariants
        if compiled.invariant.each == "snapshot"
    }
    by_schemas = {
        row for row, places in contract.stated.items() if "schema" in {place.kind for place in places}
    }
    return found & (by_invariants | by_schemas)


def broken_by_body(build: ModuleType, contract: Contract, example: dict[str, Any]) -> set[str]:
    """What the schema of a request or an error finds."""
    evidence = Evidence()
    judge_shape(
        contract.shapes, example["schema"], example["instance"], build.exchange(None, 1), evidence, "body"
    )
    found = set(build.found(evidence))
    assert contract.shapes.validator(example["schema"]).is_valid(example["instance"]) == (not found)
    return found


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_schema_of_an_answer_has_an_example(name: str) -> None:
    contract = CONTRACTS[name]
    shown = {read(file)["schema"] for file in (contract.folder / "examples").glob("*.json")}
    answers = {operation.success.schema for operation in contract.manifest.operations.values()}
    assert answers - shown == set()


@pytest.mark.parametrize(
    ("name", "operation", "example", "row", "interpretation"),
    [
        ("extend/2026-02-09", "get_batch_run", "batch_run_cancelled", "batch_run.cancellation", "reached"),
        ("extend/2026-02-09", "get_batch_run", "batch_run_processed", "batch_run.form", "run-count"),
        ("extend/2026-02-09", "get_batch_run", "batch_run_redefined", "batch_run.form", "metrics"),
        (
            "extend/2026-02-09",
            "submit_parse_batch",
            "batch_run_of_parse_runs",
            "submit_parse_batch.id.example",
            "processor-prefix",
        ),
        *(
            (
                "extend/2026-02-09",
                f"get_{kind}_run",
                f"{kind}_run_{example}",
                f"{kind}_run.results.waiting",
                interpretation,
            )
            for kind, example, interpretation in (
                ("extract", "output_too_early", "shown"),
                ("classify", "output_too_early", "shown"),
                ("split", "output_too_early", "shown"),
                ("classify", "pending", "none"),
                ("split", "pending", "none"),
            )
        ),
        (
            "extend/2026-02-09",
            "get_extract_run",
            "extract_run_processed",
            "extract_run.edits.unedited",
            "only-edited",
        ),
        (
            "extend/2025-04-21",
            "get_batch_processor_run",
            "batch_processor_run_older",
            "batch_processor_run.created_at.format",
            "fraction",
        ),
        (
            "extend/2025-04-21",
            "get_batch_processor_run",
            "batch_processor_run_documented",
            "batch_processor_run.created_at.format",
            "whole-seconds",
        ),
        ("talonic/v1", "get_batch", "batch_detail", "batch_item.id.form", "words"),
        ("talonic/v1", "get_batch", "batch_detail_uuids", "batch_item.id.form", "uuid"),
        ("talonic/v1", "get_batch", "batch_detail_uuids", "batch_item.status.vocabulary", "four"),
    ],
)
def test_an_example_shows_a_reading(
    build: ModuleType, name: str, operation: str, example: str, row: str, interpretation: str
) -> None:
    contract = CONTRACTS[name]
    body = read(contract.folder / "examples" / f"{example}.json")["instance"]
    exchange = build.exchange(operation, 1, body=body, sent_headers=dict(contract.manifest.headers))
    described = build.row(judge(contract, build.history([exchange])), row)
    assert [item.interpretation for item in described.interpretations if item.observations] == [
        interpretation
    ]
