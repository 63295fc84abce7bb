"""Scenarios that gave up: the server did not let them come to their end.

What such a scenario was to see is not replaced by what others have left on the server: of the rows that it would have
established by objects of its own, only those pass that this run's own objects show.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from batchproof.contract import Contract, pointer
from batchproof.history import START, Exchange, History, Unmet
from batchproof.judging.snapshots import accepted, in_order, shown_by


def given_up(history: History) -> list[Unmet]:
    """What ended scenarios before their time and was the server's doing."""
    return [item for item in history.unmet if item.reason == "target_error" and item.scenario != START]


def stood_in_for(contract: Contract, history: History) -> Mapping[str, Unmet]:
    """The rows that nothing but objects of this run may establish, each with what kept it from that."""
    operations = contract.manifest.operations
    makers = [
        item
        for item in given_up(history)
        if any(name in operations and operations[name].creates is not None for name in item.operations)
    ]
    # a refusal shows beside any object
    probed = {probe.requirement for probe in contract.probes.values()}
    rows = {
        requirement: next(
            (item for item in makers if contract.operations_of(requirement) & set(item.operations)), None
        )
        for requirement in (contract.requirements if makers else ())
        if requirement not in probed
    }
    return {requirement: item for requirement, item in rows.items() if item is not None}


def own(contract: Contract, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """``exchanges`` without what they show of objects that this run did not make."""
    ordered = in_order(exchanges)
    made = _made(contract, ordered)
    kept = (_without_others(contract, exchange, made) for exchange in ordered)
    return [exchange for exchange in kept if exchange is not None]


def _made(contract: Contract, exchanges: Sequence[Exchange]) -> set[str]:
    """The ids of what this run created, and of what belongs to that."""
    made: set[str] = set()
    for exchange in exchanges:
        if not accepted(contract, exchange):
            continue
        operation = contract.manifest.operations[exchange.operation or ""]
        owner = operation.owner.parameter if operation.owner is not None else None
        about = {
            *exchange.request.path.values(),
            *(value for name, value in exchange.request.query if name == owner),
        }
        if operation.creates is not None or about & made:
            for seen in shown_by(contract, exchange):
                made.add(seen.id)
                made.update(_named_by(contract, seen.resource, seen.value))
    return made


def _named_by(contract: Contract, resource: str, value: Mapping[str, Any]) -> Iterator[str]:
    for at in contract.manifest.resources[resource].refers.values():
        yield from (item for _, item in pointer.find(value, at) if isinstance(item, str))


def _without_others(contract: Contract, exchange: Exchange, made: set[str]) -> Exchange | None:
    """``exchange`` with only those rows that are ``made``; None where it is about another object."""
    if not accepted(contract, exchange):
        return exchange
    operation = contract.manifest.operations[exchange.operation or ""]
    others = {
        seen.at
        for seen in shown_by(contract, exchange)
        if contract.manifest.resources[seen.resource].lifecycle is not None and seen.id not in made
    }
    if not others:
        return exchange
    if operation.pages is None:
        return None
    assert exchange.response is not None
    body = _without(exchange.response.body, others, "")
    return msgspec.structs.replace(exchange, response=msgspec.structs.replace(exchange.response, body=body))


def _without(value: Any, places: set[str], at: str) -> Any:
    if isinstance(value, dict):
        return {name: _without(child, places, at + pointer.join([name])) for name, child in value.items()}
    if isinstance(value, list):
        return [
            _without(child, places, f"{at}/{number}")
            for number, child in enumerate(value)
            if f"{at}/{number}" not in places
        ]
    return value
