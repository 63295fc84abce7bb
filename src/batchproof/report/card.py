"""The card of a requirement: all that is known of it, as data. ``explain`` prints it, and the site shows it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.model import Document, Requirement
from batchproof.report.instances import instances
from batchproof.report.pair import Instances
from batchproof.report.testing import how_tested

# for a row that has neither contradictions nor a reason to be untestable
NO_INSTANCES = (
    "none can be made of the documented examples: they lack what the rule is about, or it is about several answers "
    "together, and none from a healthy run is kept beside the contract"
)


class Planted(NamedTuple):
    """A fault of the emulator: the requirement that it breaks, and how, in a sentence."""

    breaks: str
    sentence: str


class Card(NamedTuple):
    """``tested``: a sentence for each place that tests the row. ``faults``: what breaks it in the emulator, by name."""

    row: Requirement
    page: Document
    needs: Mapping[str, str]
    tested: Sequence[str]
    instances: Instances | None
    faults: Mapping[str, str]


def card(contract: Contract, row: Requirement, faults: Mapping[str, Planted]) -> Card:
    """The card of ``row``, where the emulator of the contract has these ``faults``, by name."""
    wanted = [] if isinstance(row.testable, str) else row.testable.needs
    return Card(
        row,
        contract.manifest.documents[row.source.document],
        {need: contract.manifest.fixtures[need].about for need in wanted},
        [] if row.untestable_because is not None else list(how_tested(contract, row.id)),
        instances(contract, row),
        {name: fault.sentence for name, fault in sorted(faults.items()) if fault.breaks == row.id},
    )
