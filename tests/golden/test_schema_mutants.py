"""Schemas have teeth: whichever keyword is taken away, the corpus shows the difference."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from batchproof.contract import Contract


def unrevealed(
    corpus: ModuleType, mutation: ModuleType, contract: Contract, instances: list[Any], file: str
) -> Iterator[str]:
    """The mutants of ``file`` that no instance tells from the original, and that are no synonyms of it."""
    reached = mutation.reaches(contract.shapes)
    telling = sorted((item for item in instances if file in reached[item.schema]), key=lambda item: item.schema != file)
    for mutant in mutation.mutants(contract.shapes, file):
        other = contract._replace(shapes=mutation.mutated(contract.shapes, mutant))
        if any(other.shapes.validator(item.schema).is_valid(item.value) == bool(item.breaks) for item in telling):
            continue
        if any(corpus.judged(other, item)[1] != item.breaks for item in telling if item.breaks):
            continue
        if not mutation.equivalent(contract.shapes, mutant):
            yield f"{file}#{mutant.at}"


def test_each_keyword_is_missed_by_some_instance(
    corpus: ModuleType, mutation: ModuleType, contract: Contract, instances: list[Any]
) -> None:
    files = [file for file in contract.shapes.files if file.startswith("resources/")]
    assert [at for file in files for at in unrevealed(corpus, mutation, contract, instances, file)] == []
