"""Every instance of the corpus gets the verdict that was written for it by hand."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from batchproof.contract import Contract, load_contract
from batchproof.contract.schema_traversal import subschemas
from batchproof.contract.shapes import ids_of


def carried(contract: Contract) -> set[str]:
    """The requirement ids that the response shapes carry."""
    files = [file for file in contract.shapes.files if file.startswith("resources/")]
    nodes = [node for file in files for _, node in subschemas(contract.shapes.document(file))]
    return set().union(*(ids_of(node.get("x-requirement")) for node in nodes))


def test_each_instance_breaks_what_it_says_and_nothing_else(
    corpus: ModuleType, contract: Contract, instances: list[Any]
) -> None:
    verdicts = {instance.name: corpus.misjudged(contract, instance) for instance in instances}
    assert {name: how for name, how in verdicts.items() if how is not None} == {}


def test_each_requirement_of_a_shape_has_a_good_instance(
    corpus: ModuleType, contract: Contract, instances: list[Any]
) -> None:
    good = [corpus.judged(contract, instance)[0] for instance in instances if not instance.breaks]
    assert sorted(carried(contract).difference(*good)) == []


def test_each_requirement_of_a_shape_has_a_bad_instance(contract: Contract, instances: list[Any]) -> None:
    broken = [instance.breaks for instance in instances]
    assert sorted(carried(contract).difference(*broken)) == []


def test_names_of_instances_are_unique(instances: list[Any]) -> None:
    names = [instance.name for instance in instances]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            "schema: resources/batch.json\ninstances: {one: {value: {}}}\nbad: [{set: {/id: ''}, why: x}]",
            "bad row 1",
        ),
        ("schema: resources/batch.json\ninstances: {one: {value: {}}}\nbad: [{sets: {}, why: x}]", "sets"),
        ("schema: resources/batch.json\ninstances: {one: {example: nowhere}}", "nowhere"),
        (
            "schema: resources/batch.json\ninstances: {one: {value: {}}}\ngood: [{without: [/id], why: x}]",
            "id",
        ),
    ],
)
def test_mistake_in_a_page_names_the_page(corpus: ModuleType, tmp_path: Path, page: str, reason: str) -> None:
    (tmp_path / "talonic" / "v1").mkdir(parents=True)
    (tmp_path / "talonic" / "v1" / "batch.yaml").write_text(page)
    with pytest.raises(ValueError, match=rf"batch\.yaml.*{reason}"):
        corpus.read_corpus(load_contract("talonic/v1"), tmp_path)
