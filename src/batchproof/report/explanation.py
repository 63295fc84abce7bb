"""One requirement explained: where it stands, and how it is tested."""

import textwrap
from collections.abc import Iterator, Mapping

from batchproof.contract import Contract
from batchproof.contract.expected import no_such_requirement
from batchproof.contract.model import Requirement, Source
from batchproof.report.testing import how_tested

_WIDTH = 80


class UnknownRequirementError(KeyError):
    """No requirement of the contract has this id. The message is one line that names near ones."""

    def __init__(self, contract: Contract, identifier: str) -> None:
        self.message = no_such_requirement(contract, identifier)
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


def explain(contract: Contract, requirement_id: str, faults: Mapping[str, str]) -> str:
    """The explanation, at most 80 columns wide except for addresses and rules.

    ``faults`` maps the faults of the emulator to the requirements that they break. Raises ``UnknownRequirementError``.
    """
    row = contract.requirements.get(requirement_id)
    if row is None:
        raise UnknownRequirementError(contract, requirement_id)
    return "\n".join(_lines(contract, row, faults)) + "\n"


def _lines(contract: Contract, row: Requirement, faults: Mapping[str, str]) -> Iterator[str]:
    yield row.id
    yield from _wrapped(row.statement)
    yield ""
    yield from _wrapped(
        f"level {row.level}, aspect {row.aspect}, basis {row.basis}, owed from profile {row.set}"
    )
    yield from _source(contract, row.source)
    for name, reading in row.readings.items():
        yield ""
        yield from _wrapped(f"reading {name}: {reading.says}")
        yield from _source(contract, reading.source)
    yield ""
    if row.untestable_because is not None:
        yield from _wrapped(f"Cannot be tested from outside: {row.untestable_because}")
        return
    if row.readings:
        yield from _wrapped(
            "The sources contradict each other, so this row fails no run; the report tells what was seen."
        )
    if row.testable != "black-box":
        for need in row.testable.needs:
            yield from _wrapped(f"needs the fixture {need}: {contract.manifest.fixtures[need].about}")
    yield from (
        ["", "How it is tested"] if row.readings or row.testable != "black-box" else ["How it is tested"]
    )
    for told in how_tested(contract, row.id):
        yield from textwrap.wrap(
            told,
            _WIDTH,
            initial_indent="  * ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    planted = sorted(name for name, broken in faults.items() if broken == row.id)
    if planted:
        yield ""
        yield from _wrapped(f"broken in the emulator by the fault {' and by '.join(planted)}")


def _source(contract: Contract, source: Source) -> Iterator[str]:
    page = contract.manifest.documents[source.document]
    yield from _wrapped(
        f"source: {page.title}, {source.section}" + (f" (seed {source.seed})" if source.seed else "")
    )
    yield f"    {page.url}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
