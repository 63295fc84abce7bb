"""Mutants of whole answers: another documented status, an internal error, a gateway's, a broken connection.

And refusals that become acceptances, and the other way round.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import UNSET

from batchproof.history import Exchange, has_body

from .changing import answered, broken
from .looks import Healthy
from .mutants import Changes, Key, Mutant, Scope

STATUS = "(status)"
_REFUSAL, _ACCEPTANCE = "(refusal)", "(acceptance)"
Remake = Callable[[Exchange], Exchange]


def of_answers(healthy: Healthy) -> Iterator[Mutant]:
    """Every operator on the answers of every operation, by what they were: a status and, of objects, a state."""
    errors = _error_bodies(healthy)
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, exchange in enumerate(healthy.exchanges):
        if exchange.operation is not None and exchange.response is not None and exchange.probe is None:
            groups[exchange.operation, _state(healthy, index)].append(index)
    for (name, state), indices in groups.items():
        operation = healthy.contract.manifest.operations[name]
        now = {healthy.exchanges[index].response.status for index in indices}  # type: ignore[union-attr]
        requirement = (
            operation.success.requirement if healthy.success(indices[0]) else operation.errors.requirement
        )
        for described, remake in _statuses(healthy, name, errors, now):
            for scope, chosen in _scopes(healthy, indices):
                yield Mutant(
                    Key(healthy.contract.id, name, "answer", state, STATUS, described, scope),
                    partial(_made, healthy, chosen, remake),
                    owner=requirement,
                )
    yield from _of_probes(healthy, errors)


def _state(healthy: Healthy, index: int) -> str:
    exchange = healthy.exchanges[index]
    assert exchange.response is not None
    if not healthy.success(index):
        return str(exchange.response.status)
    shown = [look.state for look in healthy.of(index) if look.id and look.at.count("/") < 2]
    return shown[0] if len(shown) == 1 else "-"


def _statuses(
    healthy: Healthy, name: str, errors: dict[int, Any], now: set[int]
) -> Iterator[tuple[str, Remake]]:
    operation = healthy.contract.manifest.operations[name]
    general = next(iter(errors.values()), UNSET)
    for status in sorted({*operation.errors.statuses, 500} - now):
        body = errors.get(status, general)
        yield f"status-{status}", partial(answered, status=status, body=body)
    yield "status-503", partial(answered, status=503)
    yield "broken", broken
    for status in operation.success.statuses:
        accepted = next(
            (
                item
                for index, item in enumerate(healthy.exchanges)
                if item.operation == name and healthy.success(index)
            ),
            None,
        )
        if now.isdisjoint(operation.success.statuses) and accepted is not None:
            assert accepted.response is not None
            body = accepted.response.body
            yield f"status-{status}", partial(answered, status=status, body=body)


def _scopes(healthy: Healthy, indices: Sequence[int]) -> Iterator[tuple[Scope, Sequence[int]]]:
    middle = indices[len(indices) // 2]
    yield "once", [middle]
    identifier = healthy.exchanges[middle].request.path.get("id")
    own = [index for index in indices if healthy.exchanges[index].request.path.get("id") == identifier]
    if identifier is not None and len(own) > 1:
        yield "object", own
    if len(indices) > 1:
        yield "all", indices


def _made(healthy: Healthy, indices: Sequence[int], remake: Remake) -> Changes:
    return {index: remake(healthy.exchanges[index]) for index in indices}


def _error_bodies(healthy: Healthy) -> dict[int, Any]:
    """An error body for each status that the server was seen to refuse with."""
    found: dict[int, Any] = {}
    for index, exchange in enumerate(healthy.exchanges):
        if exchange.response is not None and has_body(exchange.response) and not healthy.success(index):
            found.setdefault(exchange.response.status, exchange.response.body)
    return found


def _of_probes(healthy: Healthy, errors: dict[int, Any]) -> Iterator[Mutant]:
    """What was refused is accepted, what was accepted is refused, with each documented status."""
    for index, exchange in enumerate(healthy.exchanges):
        if exchange.operation is None or exchange.response is None:
            continue
        name = exchange.probe
        if name is None and exchange.case is not None and exchange.case.mode != "open":
            name = f"{exchange.case.mode}:{exchange.case.place}"
        if name is None:
            continue
        operation = healthy.contract.manifest.operations[exchange.operation]
        where = (healthy.contract.id, exchange.operation, name, str(exchange.response.status))
        probe = healthy.contract.probes.get(name)
        owner = probe.requirement if probe is not None else None
        if not healthy.success(index):
            accepted = _control(healthy, index)
            if accepted is not None and accepted.response is not None:
                body = accepted.response.body
                remake = partial(answered, status=accepted.response.status, body=body)
                yield Mutant(
                    Key(*where, _REFUSAL, "accepted", "once"), partial(_made, healthy, [index], remake), owner
                )
        for status in sorted({*operation.errors.statuses, 500} - {exchange.response.status}):
            remake = partial(
                answered, status=status, body=errors.get(status, next(iter(errors.values()), UNSET))
            )
            described = f"refused-{status}" if healthy.success(index) else f"status-{status}"
            kind = _ACCEPTANCE if healthy.success(index) else _REFUSAL
            yield Mutant(
                Key(*where, kind, described, "once"), partial(_made, healthy, [index], remake), owner
            )
        for described, remake_ in (("status-503", partial(answered, status=503)), ("broken", broken)):
            kind = _ACCEPTANCE if healthy.success(index) else _REFUSAL
            yield Mutant(
                Key(*where, kind, described, "once"), partial(_made, healthy, [index], remake_), owner
            )


def _control(healthy: Healthy, index: int) -> Exchange | None:
    """The accepted request beside a refused one, else any accepted one of the operation."""
    exchange = healthy.exchanges[index]
    accepted = [
        item
        for number, item in enumerate(healthy.exchanges)
        if item.operation == exchange.operation and healthy.success(number)
    ]
    beside = [item for item in accepted if exchange.probe in item.control_of]
    return next(iter([*beside, *accepted]), None)
