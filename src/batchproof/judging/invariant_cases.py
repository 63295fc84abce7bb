"""The cases that invariants are judged on: which looks, exchanges and objects of a history belong together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import Contract, cel, pointer
from batchproof.contract.model import Invariant, Operation
from batchproof.contract.reach import reach
from batchproof.contract.shapes import Shapes
from batchproof.contract.webhooks import Named
from batchproof.history import GATEWAY_STATUSES, Exchange, Recorded
from batchproof.judging.answers import left_open
from batchproof.judging.attribution import Attribution
from batchproof.judging.calls import of_calls
from batchproof.judging.case import Case
from batchproof.judging.counterparts import of_counterparts
from batchproof.judging.deliveries import Notice, invariant_variables
from batchproof.judging.exchanges import Exchanges, indexed
from batchproof.judging.grace import follows
from batchproof.judging.owned import of_owned
from batchproof.judging.relations import Related, exchange_variables, of_pairs, of_references
from batchproof.judging.snapshots import Snapshot, Snapshots, accepted, shown_by
from batchproof.judging.traversals import Traversal


class Seen(NamedTuple):
    """What invariants are judged on. Of ``exchanges`` and ``snapshots``, single ones are judged where they are ``judged`` or ``looks``."""

    exchanges: Sequence[Exchange]
    judged: Sequence[Exchange]
    snapshots: Snapshots
    looks: Snapshots
    traversals: Sequence[Traversal]
    notices: Sequence[Notice]
    attribution: Attribution


def cases_of(contract: Contract, invariant: Invariant, seen: Seen) -> Iterable[Case]:
    """Every case that the history offers to invariants with the ``each``, ``on``, ``to``, ``view`` and ``answered`` of ``invariant``."""
    exchanges, snapshots, attribution = seen.exchanges, seen.snapshots, seen.attribution
    match invariant.each:
        case "snapshot":
            return chain(
                _of_snapshots(seen.looks, invariant.on, invariant.view),
                _of_payloads(seen.notices, invariant.on, invariant.view),
            )
        case "step":
            return _of_steps(seen.looks, invariant.on, invariant.view)
        case "comparison":
            return _of_comparisons(seen.looks, seen.notices, invariant.on, invariant.view)
        case "exchange":
            # a change to one creation may tell against another one
            creates = invariant.on != "*" and contract.manifest.operations[invariant.on].creates is not None
            chosen = exchanges if creates else seen.judged
            cases = _of_exchanges(
                contract, invariant.on, indexed(contract, chosen), answered=invariant.answered
            )
            return _with_what_was_known(contract, snapshots, cases)
        case "call":
            return of_calls(contract, invariant.on, exchanges, snapshots, attribution)
        case "row":
            return _of_rows(contract, invariant.on, indexed(contract, seen.judged))
        case "traversal":
            return (
                _of_traversal(traversal)
                for traversal in seen.traversals
                if traversal.operation == invariant.on
            )
        case "owned":
            return of_owned(seen.traversals, invariant.on)
        case "counterpart":
            return of_counterparts(contract, seen.looks, invariant.on)
        case "probe":
            return map(_of_related, of_pairs(contract, invariant.on, exchanges, attribution))
        case "reference":
            return map(_of_related, of_references(contract, invariant, exchanges, snapshots, attribution))
        case "delivery":
            return _of_deliveries(seen.notices, invariant.on)


def _of_snapshots(snapshots: Snapshots, resource: str, view: str | None) -> Iterator[Case]:
    for seen in snapshots.of(resource, view):
        request = snapshots.request_of(resource, seen[0].id)
        created = snapshots.creator_of(resource, seen[0].id) is not None
        for snapshot, times in _distinct(seen):
            variables = {"self": snapshot.value, "request": request, "created": created}
            evidence = (snapshot.exchange,)
            yield Case(variables, evidence, snapshot.at, times, asked=evidence)


def _of_payloads(notices: Sequence[Notice], resource: str, view: str | None) -> Iterator[Case]:
    """The objects that events show. They are looks, too, though nobody knows at what moment they were taken."""
    for named, notice in _showing(notices, resource, view):
        variables = {"self": named.payload, "request": notice.request, "created": notice.created is not None}
        yield Case(variables, (notice.delivery,), named.event.at)


def _showing(notices: Sequence[Notice], resource: str, view: str | None) -> Iterator[tuple[Named, Notice]]:
    """The events that show an object of ``resource`` as a look in ``view`` does."""
    for notice in notices:
        named = notice.named
        if named is None or named.referred or named.event.resource != resource or named.id is None:
            continue
        if view in (None, named.event.view) and isinstance(named.payload, dict):
            yield named, notice


def _of_deliveries(notices: Sequence[Notice], resource: str) -> Iterator[Case]:
    for notice in notices:
        if resource == "*" or (notice.named is not None and notice.named.event.resource == resource):
            evidence: tuple[Recorded, ...] = (notice.delivery,)
            if notice.after is not None:
                evidence = (notice.delivery, notice.after)
            for variables in invariant_variables(notice):
                yield Case(variables, evidence)


def _distinct(seen: Sequence[Snapshot]) -> Iterator[tuple[Snapshot, int]]:
    """Looks that showed the same thing are judged once and counted."""
    kept: list[tuple[Snapshot, int]] = []
    for snapshot in seen:
        if kept and cel.equal(kept[-1][0].value, snapshot.value):
            kept[-1] = (kept[-1][0], kept[-1][1] + 1)
        else:
            kept.append((snapshot, 1))
    return iter(kept)


def _of_steps(snapshots: Snapshots, resource: str, view: str | None) -> Iterator[Case]:
    for seen in snapshots.of(resource, view):
        for index, later in enumerate(seen):
            before = reversed(seen[:index])
            earlier = next((item for item in before if follows(later.exchange, item.exchange)), None)
            if earlier is not None:
                variables = {"oldSelf": earlier.value, "self": later.value}
                evidence = (earlier.exchange, later.exchange)
                yield Case(variables, evidence, later.at, asked=(later.exchange,))


def _of_comparisons(
    snapshots: Snapshots, notices: Sequence[Notice], resource: str, view: str | None
) -> Iterator[Case]:
    """Looks that follow each other, however closely: a view that is behind, or an event, shows what never changes as it is."""
    last: dict[str, Snapshot] = {}
    for seen in snapshots.of(resource, view):
        last[seen[-1].id] = seen[-1]
        for earlier, later in pairwise(seen):
            variables = {"oldSelf": earlier.value, "self": later.value}
            yield Case(variables, (earlier.exchange, later.exchange), later.at, asked=(later.exchange,))
    for named, notice in _showing(notices, resource, view):
        before = last.get(named.id or "")
        if before is not None:
            variables = {"oldSelf": before.value, "self": named.payload}
            yield Case(variables, (before.exchange, notice.delivery), named.event.at)


def _of_exchanges(contract: Contract, name: str, exchanges: Exchanges, *, answered: str) -> Iterator[Case]:
    for exchange in exchanges if name == "*" else exchanges.of(name):
        response = exchange.response
        if response is None or exchange.operation is None:
            continue
        operation = contract.manifest.operations.get(exchange.operation)
        if operation is None or response.status in GATEWAY_STATUSES or left_open(exchange):
            continue
        if answered == "success" and not (accepted(contract, exchange) and _as_documented(exchange)):
            continue
        if answered == "error" and response.status not in operation.errors.statuses:
            continue
        if answered == "any" and not _is_documented(response.status, operation):
            continue
        yield Case(exchange_variables(exchange, response), (exchange,), asked=(exchange,))


def _with_what_was_known(contract: Contract, snapshots: Snapshots, cases: Iterable[Case]) -> Iterator[Case]:
    """Adds whether the object that a creation shows had been shown before the creation was asked for."""
    for case in cases:
        exchange = case.asked[0]
        operation = contract.manifest.operations[exchange.operation or ""]
        known = False
        if operation.creates is not None and accepted(contract, exchange):
            ends = (snapshots.first_end(item.resource, item.id) for item in shown_by(contract, exchange))
            known = any(end is not None and end <= exchange.start for end in ends)
        yield case._replace(variables={**case.variables, "shown_before": known})


def _of_rows(contract: Contract, name: str, exchanges: Exchanges) -> Iterator[Case]:
    operation = contract.manifest.operations[name]
    assert operation.pages is not None
    reachable = _reachable_from(contract, name)
    for page in _of_exchanges(contract, name, exchanges, answered="success"):
        about = {"query": page.variables["query"], "path": page.variables["path"], "reachable": reachable}
        for at, row in pointer.find(page.variables["response"], operation.pages.rows + "/*"):
            yield page._replace(variables={"row": row, **about}, pointer=at)


# by the shapes of a contract: the very same value is recognised in all histories that are judged by it
_REACHABLE: WeakKeyDictionary[Shapes, dict[str, dict[str, list[str]]]] = WeakKeyDictionary()


def _reachable_from(contract: Contract, name: str) -> dict[str, list[str]]:
    known = _REACHABLE.setdefault(contract.shapes, {})
    if name not in known:
        known[name] = reachable_states(contract, contract.manifest.operations[name])
    return known[name]


def reachable_states(contract: Contract, operation: Operation) -> dict[str, list[str]]:
    """For each state of the objects that ``operation`` shows, those that may be seen after it, itself included.

    A tolerated state may be seen wherever an end has not been reached.
    """
    shown = next((contract.manifest.resources[item.resource] for item in operation.success.shows), None)
    if shown is None or shown.lifecycle is None:
        return {}
    known = reach(contract.manifest.lifecycles[shown.lifecycle])
    terminal, tolerated = known.lifecycle.terminal, known.lifecycle.tolerated
    return {
        state: sorted(after if state in terminal else {*after, *tolerated})
        for state, after in known.after.items()
    }


def _is_documented(status: int, operation: Operation) -> bool:
    return status in operation.success.statuses or status in operation.errors.statuses


def _as_documented(exchange: Exchange) -> bool:
    """False for a generated request that breaks its schema: what its acceptance should look like is nowhere said."""
    return exchange.case is None or exchange.case.mode != "invalid"


def _of_traversal(traversal: Traversal) -> Case:
    variables = {
        "rows": traversal.rows,
        "query": traversal.query,
        "pages": traversal.sizes,
        "owner": traversal.owner.value if traversal.owner is not None else None,
        "request": traversal.request,
        "deleted": traversal.deleted,
        "known": traversal.known,
        "about": traversal.about,
        "still": traversal.still,
        "details": traversal.details,
        "later": traversal.later.value if traversal.later is not None else None,
    }
    owners = [look.exchange for look in (traversal.owner, traversal.later) if look is not None]
    evidence = (*traversal.pages, *owners)
    return Case(variables, evidence, asked=traversal.pages)


def _of_related(related: Related) -> Case:
    return Case(*related, asked=related.exchanges[-1:])
