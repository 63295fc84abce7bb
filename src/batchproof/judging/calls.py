"""Calls on one object: what the last look before them showed, and whether that was still so.

Time passes between a look and an act. A call that ends something may come too late, and its refusal is right then. So the
first look afterwards tells whether the object was still as it was before.
"""

from collections.abc import Iterable, Iterator, Sequence

from batchproof.contract import Contract
from batchproof.contract.reach import Reach, reach
from batchproof.history import Exchange
from batchproof.judging.attribution import Attribution
from batchproof.judging.case import Case
from batchproof.judging.changes import possible_deletions
from batchproof.judging.exchanges import indexed
from batchproof.judging.grace import GRACE_S
from batchproof.judging.relations import exchange_variables, looked_at
from batchproof.judging.snapshots import Snapshot, Snapshots


def of_calls(
    contract: Contract,
    name: str,
    exchanges: Sequence[Exchange],
    snapshots: Snapshots,
    attribution: Attribution,
) -> Iterator[Case]:
    """Every answered call of the operation ``name`` on an object, with the last look before and the first one after it."""
    operation = contract.manifest.operations[name]
    named = operation.reads or (None if operation.deletes is None else operation.deletes.resource)
    resource = named or operation.success.shows[0].resource
    lifecycle = contract.manifest.resources[resource].lifecycle
    # who only reads an object need not hurry
    moves = (
        None if lifecycle is None or operation.method == "GET" else contract.manifest.lifecycles[lifecycle]
    )
    known = None if moves is None else reach(moves)
    known_exchanges = indexed(contract, exchanges)
    for exchange in known_exchanges.of(name):
        response, identifier = exchange.response, exchange.request.path.get("id")
        if response is None or identifier is None:
            continue
        if exchange.probe is not None or exchange.case is not None:
            continue
        if not looked_at(exchange, attribution):
            continue
        before = snapshots.last_before(resource, identifier, exchange.start)
        changes = known_exchanges.changes_of.get(identifier, [])
        if before is not None and _outdated(before, exchange, changes):
            before = None
        # a look right after the call may still show what was so a moment before
        after = snapshots.first_after(resource, identifier, exchange.end + GRACE_S)
        evidence = (exchange,) if before is None else (before.exchange, exchange)
        deleted = any(
            item.start < exchange.end and item is not exchange
            for item in possible_deletions(contract, changes, resource)
        )
        variables = {
            **exchange_variables(exchange, response),
            "before": before.value if before is not None else None,
            "deleted": deleted,
            "after": after.value if after is not None else None,
        }
        certain = True
        if before is not None and known is not None and not _is_at_its_end(known, before):
            certain = after is not None and after.status == before.status
            evidence = evidence if after is None else (*evidence, after.exchange)
        yield Case(variables, evidence, asked=(exchange,), certain=certain)


def _is_at_its_end(known: Reach, before: Snapshot) -> bool:
    """Whether nothing can follow what was seen; without a status nothing is known to move."""
    return before.status is None or known.after.get(before.status) == frozenset({before.status})


def _outdated(before: Snapshot, exchange: Exchange, changes: Iterable[Exchange]) -> bool:
    """Whether another call may have changed the object since it was looked at, and before ``exchange`` was answered."""
    return any(
        change.request.path.get("id") == before.id
        and change.end > before.start
        and change.start < exchange.end
        and change not in (before.exchange, exchange)
        for change in changes
    )
