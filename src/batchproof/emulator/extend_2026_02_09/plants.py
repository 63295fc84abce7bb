"""The registry of this contract's faults and variants, and how a function becomes a fault of several families of runs."""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from batchproof.emulator import odd_json
from batchproof.emulator.extend_common.verbs import Accept
from batchproof.emulator.fault_table import FILE, read_faults
from batchproof.emulator.registry import Fault, Registry, by_statement, merged

from .families import FAMILIES, Family, words_of
from .mail import Behaviour

Collateral = Mapping[str, Sequence[str]]
Plant = Callable[[Behaviour, Family], None]

registry: Registry[Behaviour] = Registry()
odd_json.plant(registry, "get_batch_run")
registry.add_table(
    lambda: read_faults(
        Path(__file__).with_name(FILE), [Accept], {family.name: words_of(family) for family in FAMILIES}
    )
)


def each_family(
    name: str,
    *,
    breaks: str,
    families: Collection[Family] = FAMILIES,
    collateral: Collateral | None = None,
    collateral_of: Mapping[str, Collateral] | None = None,
) -> Callable[[Plant], Plant]:
    """Register a fault for each of the families, whose words stand in all texts as in the rows of the table."""

    def register(plant: Plant) -> Plant:
        for family in families:
            words = words_of(family)
            declared = merged(collateral or {}, (collateral_of or {}).get(family.name, {}))
            registry.add(
                Fault(
                    name=name.format(**words).replace("_", "-"),
                    breaks=breaks.format(**words),
                    doc=(inspect.getdoc(plant) or "").format(**words),
                    apply=partial(_planted, plant, family),
                    collateral={
                        statement.format(**words): why for statement, why in by_statement(declared).items()
                    },
                )
            )
        return plant

    return register


def _planted(plant: Plant, family: Family, behaviour: Behaviour) -> None:
    plant(behaviour, family)
