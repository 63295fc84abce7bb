"""One requirement explained: where it stands, and how it is tested."""

import textwrap
from collections.abc import Iterator, Mapping

from batchproof.contract import Contract
from batchproof.contract.expected import no_such_requirement
from batchproof.contract.model import Source
from batchproof.errors import BatchproofError
from batchproof.report.card import NO_INSTANCES, Card, Planted, card

_WIDTH = 80


class UnknownRequirementError(BatchproofError):
    """No requirement of the contract has this id. The message is one line that names near ones."""

    def __init__(self, contract: Contract, identifier: str) -> None:
        super().__init__(no_such_requirement(contract, identifier))


def explain(contract: Contract, requirement_id: str, faults: Mapping[str, Planted]) -> str:
    """The explanation, at most 80 columns wide except for addresses and rules.

    ``faults`` are those of the emulator, by name. Raises ``UnknownRequirementError``.
    """
    row = contract.requirements.get(requirement_id)
    if row is None:
        raise UnknownRequirementError(contract, requirement_id)
    return "\n".join(_lines(contract, card(contract, row, faults))) + "\n"


def _lines(contract: Contract, shown: Card) -> Iterator[str]:
    row = shown.row
    yield row.id
    yield from _wrapped(row.statement)
    yield ""
    yield from _wrapped(
        f"level {row.level}, aspect {row.aspect}, basis {row.basis}, owed from profile {row.set}"
    )
    yield from _source(contract, row.source)
    for name, interpretation in row.interpretations.items():
        yield ""
        yield from _wrapped(f"interpretation {name}: {interpretation.says}")
        yield from _source(contract, interpretation.source)
    yield ""
    if row.untestable_because is not None:
        yield from _wrapped(f"Cannot be tested from outside: {row.untestable_because}")
        return
    if row.interpretations:
        yield from _wrapped(
            "The sources contradict each other, so this row fails no run; the report tells what was seen."
        )
    for need, about in shown.needs.items():
        yield from _wrapped(f"needs the fixture {need}: {about}")
    yield from (["", "How it is tested"] if row.interpretations or shown.needs else ["How it is tested"])
    for described in shown.tested:
        yield from _item(described)
    if shown.instances is not None:
        yield from ("", "For example")
        if shown.instances.asked:
            yield from _item(f"asked: {shown.instances.asked}")
        yield from _item(f"passes: {shown.instances.passes}")
        yield from _item(f"does not pass: {shown.instances.fails}")
    elif not row.interpretations:
        yield from ("", "For example")
        yield from _item(NO_INSTANCES)
    if shown.faults:
        yield from ("", "Broken in the emulator by a fault")
        for name, sentence in shown.faults.items():
            yield from _item(f"{name}: {sentence}")


def _item(text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent="  * ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _source(contract: Contract, source: Source) -> Iterator[str]:
    page = contract.manifest.documents[source.document]
    yield from _wrapped(
        f"source: {page.title}, {source.section}" + (f" (seed {source.seed})" if source.seed else "")
    )
    yield f"    {page.url}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
