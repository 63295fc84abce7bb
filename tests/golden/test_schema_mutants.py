"""Schemas have teeth: whichever keyword is taken away, the corpus shows the difference."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract


def unrevealed(
    corpus: ModuleType, mutation: ModuleType, contract: Contract, instances: list[Any], file: str
) -> Iterator[str]:
    """The mutants of ``file`` that no instance tells from the original, and that are no synonyms of it."""
    reached = mutation.reaches(contract.shapes)
    telling = sorted(
        (item for item in instances if file in reached[item.schema]), key=lambda item: item.schema != file
    )
    if not telling:
        yield f"{file}: no instance reaches it; write instances/{contract.id}/{Path(file).stem}.yaml"
        return
    for mutant in mutation.mutants(contract.shapes, file):
        other = dataclasses.replace(contract, shapes=mutation.mutated(contract.shapes, mutant))
        if any(
            other.shapes.validator(item.schema).is_valid(item.value) == bool(item.breaks) for item in telling
        ):
            continue
        if mutation.equivalent(contract.shapes, mutant, levels=1):
            continue
        if any(corpus.misjudged(other, item) for item in telling if item.breaks or item.unseen):
            continue
        if not mutation.equivalent(contract.shapes, mutant):
            yield f"{file}#{mutant.at}"


@pytest.fixture(scope="session")
def batches() -> Contract:
    """A contract with small shapes."""
    return load_contract("talonic/v1")


def test_each_keyword_is_missed_by_some_instance(
    corpus: ModuleType, mutation: ModuleType, contract: Contract, instances: list[Any]
) -> None:
    files = [file for file in contract.shapes.files if file.startswith("resources/")]
    assert [at for file in files for at in unrevealed(corpus, mutation, contract, instances, file)] == []


def test_keyword_that_nothing_reveals_is_named(
    corpus: ModuleType, mutation: ModuleType, batches: Contract
) -> None:
    instances = corpus.read_corpus(batches)
    poorer = [item for item in instances if "batch.counts.negative" not in item.breaks]
    found = list(unrevealed(corpus, mutation, batches, poorer, "resources/batch.json"))
    counts = ("item_count", "succeeded_count", "errored_count", "expired_count")
    assert found == [f"resources/batch.json#/properties/{name}/minimum" for name in counts]


def test_shape_without_instances_is_named(
    corpus: ModuleType, mutation: ModuleType, batches: Contract
) -> None:
    found = list(unrevealed(corpus, mutation, batches, [], "resources/source.json"))
    assert found == ["resources/source.json: no instance reaches it; write instances/talonic/v1/source.yaml"]


def test_synonym_is_no_mutant(mutation: ModuleType, batches: Contract) -> None:
    file = "resources/batch_detail.json"
    same = {
        item.at: mutation.equivalent(batches.shapes, item) for item in mutation.mutants(batches.shapes, file)
    }
    assert {at for at, equal in same.items() if equal} == {"/type"}
