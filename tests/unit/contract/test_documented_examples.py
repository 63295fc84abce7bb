"""Every documented example gets the verdict that its file names, and breaks the requirements that it names."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, installed_contracts, load_contract
from batchproof.judge.ledger import Ledger
from batchproof.judge.shape import judge_shape

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
    ledger = Ledger()
    valid = contract.shapes.validator(example["schema"]).is_valid(example["instance"])
    operation = next(iter(contract.manifest.operations))
    judge_shape(
        contract.shapes, example["schema"], example["instance"], build.exchange(operation, 1), ledger, "body"
    )
    assert (example["valid"], set(example["breaks"])) == (valid, set(build.found(ledger)))


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_schema_of_an_answer_has_an_example(name: str) -> None:
    contract = CONTRACTS[name]
    shown = {read(file)["schema"] for file in (contract.folder / "examples").glob("*.json")}
    answers = {operation.success.schema for operation in contract.manifest.operations.values()}
    assert answers - shown == set()
