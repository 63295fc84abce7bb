"""Relations: between the two requests of a probe, and between an object and another one that it names."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Invariant
from batchproof.history import Exchange, Response, has_body
from batchproof.judging.attribution import Attribution
from batchproof.judging.probes import control_before
from batchproof.judging.snapshots import Snapshot, Snapshots, accepted
from batchproof.judging.somebody_elses import may_be_refused


class Related(NamedTuple):
    """Variables of an invariant about two exchanges, with both as evidence."""

    variables: dict[str, Any]
    exchanges: tuple[Exchange, ...]
    pointer: str = ""


def of_pairs(
    contract: Contract, name: str, exchanges: Sequence[Exchange], attribution: Attribution
) -> Iterator[Related]:
    """The two requests of a probe: ``first`` is the valid one, the other variables are those of the changed one."""
    controls = [
        exchange for exchange in exchanges if name in exchange.control_of and accepted(contract, exchange)
    ]
    for exchange in exchanges:
        response = exchange.response
        if exchange.probe != name or response is None or response.status >= 500:
            continue
        if not attribution.belongs_to_probe(exchange, controls):
            continue
        control = control_before(contract.probes[name], exchange, controls)
        if control is not None and control.response is not None:
            variables = {
                **exchange_variables(exchange, response),
                "first": exchange_variables(control, control.response),
            }
            yield Related(variables, (control, exchange))


def of_references(
    contract: Contract,
    invariant: Invariant,
    exchanges: Sequence[Exchange],
    snapshots: Snapshots,
    attribution: Attribution,
) -> Iterator[Related]:
    """Every read of an object that a look at another one (``self``) had named before; ``named`` is null where it is not shown."""
    assert invariant.to is not None
    at = contract.manifest.resources[invariant.on].refers[invariant.to]
    naming: dict[str, list[Snapshot]] = defaultdict(list)
    for seen in snapshots.of(invariant.on, invariant.view):
        for snapshot in seen:
            named = pointer.first(snapshot.value, at)
            if isinstance(named, str):
                naming[named].append(snapshot)
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        response, identifier = exchange.response, exchange.request.path.get("id", "")
        if operation is None or operation.reads != invariant.to or operation.method != "GET":
            continue
        earlier = [snapshot for snapshot in naming.get(identifier, ()) if snapshot.end <= exchange.start]
        if not earlier or exchange.probe is not None or response is None:
            continue
        if not looked_at(exchange, attribution):
            continue
        shown = operation.success.shows[0].at if operation.success.shows else ""
        variables = {
            "self": earlier[-1].value,
            "named": pointer.first(response.body, shown) if accepted(contract, exchange) else None,
            "status": response.status,
        }
        yield Related(variables, (earlier[-1].exchange, exchange), earlier[-1].at)


def looked_at(exchange: Exchange, attribution: Attribution) -> bool:
    """Whether the server looked at the request itself, and could."""
    assert exchange.response is not None
    return exchange.response.status < 500 and not may_be_refused(exchange) and attribution.belongs(exchange)


def exchange_variables(exchange: Exchange, response: Response) -> dict[str, Any]:
    """The variables of an answered exchange."""
    return {
        "request": exchange.request.body if has_body(exchange.request) else None,
        "query": dict(exchange.request.query),
        "path": dict(exchange.request.path),
        "response": response.body if has_body(response) else None,
        "status": response.status,
        "headers": response.headers,
        # a number or a word may be plain text as well
        "oddities": response.oddities if isinstance(response.body, dict | list) else None,
        "media_type": response.headers.get("content-type", "").partition(";")[0].strip().lower() or None,
    }
