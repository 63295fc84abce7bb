"""Faults that are planted into several families of runs: one function, one fault a family."""

import inspect
from collections.abc import Callable, Collection
from functools import partial

from batchproof.emulator.extend_2026_02_09.families import CLASSIFY, EXTRACT, FAMILIES, PARSE, SPLIT, Family
from batchproof.emulator.extend_2026_02_09.plants import registry
from batchproof.emulator.extend_common.behaviour import Behaviour
from batchproof.emulator.registry import Fault

Plant = Callable[[Behaviour, Family], None]

PROCESSED_WITH = (EXTRACT, CLASSIFY, SPLIT)
SORTED_LISTS = PROCESSED_WITH
WITH_TEXT = (EXTRACT, CLASSIFY)
SINGLE_OF_A_KIND = {"extract": EXTRACT, "classify": CLASSIFY, "split": SPLIT, "parse": PARSE}


def operation(family: Family, view: str) -> str:
    """The name of an operation of a family, such as `get_extract_run`; `processors` lists its extractors and the like."""
    match view:
        case "submit":
            return f"submit_{family.name}_batch"
        case "list":
            return f"list_{family.kind}s"
        case "processors":
            return f"list_{family.processor.name}s" if family.processor else ""
        case _:
            return f"{view}_{family.kind}"


def each_family(
    name: str, *, breaks: str, families: Collection[Family] = FAMILIES
) -> Callable[[Plant], Plant]:
    """Register a fault for each of the families.

    `{run}`, `{family}`, `{processor}`, `{Run}` and `{Processor}` in names, ids and the docstring stand for
    `extract_run`, `extract`, `extractor`, `Extract Run` and `Extractor`, and for their likes.
    """

    def register(plant: Plant) -> Plant:
        for family in families:
            words = _words(family)
            registry.add(
                Fault(
                    name=name.format(**words).replace("_", "-"),
                    breaks=breaks.format(**words),
                    doc=(inspect.getdoc(plant) or "").format(**words),
                    apply=partial(_planted, plant, family),
                )
            )
        return plant

    return register


def _planted(plant: Plant, family: Family, behaviour: Behaviour) -> None:
    plant(behaviour, family)


def _words(family: Family) -> dict[str, str]:
    processor = family.processor.name if family.processor else "processor"
    return {
        "family": family.name,
        "run": family.kind,
        "processor": processor,
        "Run": f"{family.name.capitalize()} Run",
        "Processor": processor.capitalize(),
    }
