"""Looks at single objects in the place of lists of everything.

What a list of everything shows depends on what else is on a server, and on its order; an object that a script has made
can be read by its id, and waited for.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.contract.linked import Reader
from batchproof.history import Exchange, Request
from batchproof.judging.snapshots import Snapshot, accepted, shown_by
from batchproof.replay.script import Reference, Script, Step


def specific(contract: Contract, script: Script, exchanges: Sequence[Exchange]) -> Script:
    """``script``, in which lists of everything are replaced by reads of the objects that they show and it has made.

    ``exchanges`` are those that its steps repeat. A list that shows nothing of the script's own stays.
    """
    made = _made(script, exchanges)
    steps: list[Step] = []
    numbers: dict[int, int] = {}
    for number, (step, exchange) in enumerate(zip(script.steps, exchanges, strict=True)):
        reads = list(_reads(contract, number, step, exchange, made))
        numbers[number] = len(steps)
        steps += [_renumbered(item, numbers) for item in reads or [step]]
    return msgspec.structs.replace(script, steps=steps)


def _made(script: Script, exchanges: Sequence[Exchange]) -> Mapping[str, Reference]:
    """The ids that some step takes from an earlier answer, each with where it stands there."""
    found: dict[str, Reference] = {}
    for step in script.steps:
        for reference in step.references:
            response = exchanges[reference.step].response if reference.step is not None else None
            value = pointer.first(response.body, reference.given_at or "") if response is not None else None
            if isinstance(value, str):
                found.setdefault(value, reference)
    return found


def _reads(
    contract: Contract, number: int, step: Step, exchange: Exchange, made: Mapping[str, Reference]
) -> Iterator[Step]:
    """The reads that tell what a list of everything told of the script's own objects; none for other steps."""
    listed = contract.operation(step.operation).pages is not None
    own = any(reference.step is not None for reference in step.references)
    if not listed or own or step.case is not None or not accepted(contract, exchange):
        return
    for seen in shown_by(contract, exchange):
        giver, reader = made.get(seen.id), _reader(contract, seen)
        if giver is None or giver.step is None or giver.step >= number or reader is None:
            continue
        yield Step(
            id=step.id,
            operation=reader.name,
            request=Request(
                method="GET", url=step.request.url, path={"id": seen.id}, headers=step.request.headers
            ),
            references=[msgspec.structs.replace(giver, part="path", at="id", before="", after="")],
            until=seen.status,
            together=step.together,
        )


def _reader(contract: Contract, seen: Snapshot) -> Reader | None:
    """The operation that reads one object, where that has a status to wait for."""
    resource = contract.resources[seen.resource]
    return None if resource.lifecycle is None or seen.status is None else resource.reader


def _renumbered(step: Step, numbers: Mapping[int, int]) -> Step:
    references = [
        item if item.step is None else msgspec.structs.replace(item, step=numbers[item.step])
        for item in step.references
    ]
    control = None if step.control is None else numbers[step.control]
    return msgspec.structs.replace(step, references=references, control=control)
