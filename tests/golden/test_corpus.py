"""Every instance of the corpus gets the verdict that was written for it by hand."""

from types import ModuleType
from typing import Any

from batchproof.contract import Contract
from batchproof.contract.shapes import ids_of, subschemas


def carried(contract: Contract) -> set[str]:
    """The requirement ids that the response shapes carry."""
    files = [file for file in contract.shapes.files if file.startswith("resources/")]
    nodes = [node for file in files for _, node in subschemas(contract.shapes.document(file))]
    return set().union(*(ids_of(node.get("x-requirement")) for node in nodes))


def test_each_instance_breaks_what_it_says_and_nothing_else(
    corpus: ModuleType, contract: Contract, instances: list[Any]
) -> None:
    wrong = {}
    for instance in instances:
        _, broken = corpus.judged(contract, instance)
        if broken != instance.breaks:
            wrong[instance.name] = f"breaks {sorted(broken)}, not {sorted(instance.breaks)}"
    assert wrong == {}


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
