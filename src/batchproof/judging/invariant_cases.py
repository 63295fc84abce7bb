"""The cases that invariants are judged on: which looks, exchanges and objects of a history belong together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import Contract, cel, pointer
from batchproof.contract.kinds import KINDS
from batchproof.contract.model import Invariant, Operation
from batchproof.contract.reach import reach
from batchproof.contract.shapes import Shapes
from batchproof.contract.webhooks import Named
from batchproof.history import GATEWAY_STATUSES, Exchange, Recorded
from batchproof.judging.answers import left_open
from batchproof.judging.attribution import Attribution
from batchproof.judging.calls import of_calls
from batchproof.judging.case import Case
from batchproof.judging.deliveries import Notice, invariant_variables
from batchproof.judging.exchanges import Exchanges, indexed
from batchproof.judging.grace import follows
from batchproof.judging.owned import of_owned
from batchproof.judging.relations import Related, exchange_variables, of_pairs, of_references
from batchproof.judging.snapshots import Snapshot, Snapshots, accepted, shown_by
from batchproof.judging.traversals import Traversal

Answered = Literal["success", "error", "any"]


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
    return KINDS[invariant.each].cases(invariant, _Offered(contract, seen))


class _Offered(NamedTuple):
    """What a history offers to kinds of invariants; ``batchproof.contract.kinds.offered`` says what each of these is."""

    contract: Contract
    seen: Seen

    def looks(self, resource: str, view: str | None = None) -> Iterator[Sequence[Snapshot]]:
        return self.seen.looks.of(resource, view)

    def follows(self, later: Snapshot, earlier: Snapshot) -> bool:
        return follows(later.exchange, earlier.exchange)

    def terminal(self, resource: str) -> Sequence[str]:
        lifecycle = self.contract.manifest.resources[resource].lifecycle
        return [] if lifecycle is None else self.contract.manifest.lifecycles[lifecycle].terminal

    def case(self, variables: Mapping[str, Any], about: Snapshot, *evidence: Snapshot) -> Case:
        exchanges = tuple(look.exchange for look in evidence)
        return Case(dict(variables), exchanges, about.at, asked=(about.exchange,))

    def snapshots(self, resource: str, view: str | None) -> Iterator[Case]:
        yield from _of_snapshots(self.seen.looks, resource, view)
        yield from _of_payloads(self.seen.notices, resource, view)

    def comparisons(self, resource: str, view: str | None) -> Iterator[Case]:
        return _of_comparisons(self.seen.looks, self.seen.notices, resource, view)

    def answers(self, operation: str, answered: Answered) -> Iterator[Case]:
        # a change to one creation may tell against another one
        creates = operation != "*" and self.contract.manifest.operations[operation].creates is not None
        chosen = indexed(self.contract, self.seen.exchanges if creates else self.seen.judged)
        cases = _of_exchanges(self.contract, operation, chosen, answered=answered)
        return _with_what_was_known(self.contract, self.seen.snapshots, cases)

    def calls(self, operation: str) -> Iterator[Case]:
        seen = self.seen
        return of_calls(self.contract, operation, seen.exchanges, seen.snapshots, seen.attribution)

    def rows(self, operation: str) -> Iterator[Case]:
        return _of_rows(self.contract, operation, indexed(self.contract, self.seen.judged))

    def traversals(self, operation: str) -> Iterator[Case]:
        return (_of_traversal(item) for item in self.seen.traversals if item.operation == operation)

    def owned(self, operation: str) -> Iterator[Case]:
        return of_owned(self.seen.traversals, operation)

    def probes(self, name: str) -> Iterator[Case]:
        return map(_of_related, of_pairs(self.contract, name, self.seen.exchanges, self.seen.attribution))

    def references(self, invariant: Invariant) -> Iterator[Case]:
        seen = self.seen
        found = of_references(self.contract, invariant, seen.exchanges, seen.snapshots, seen.attribution)
        return map(_of_related, found)

    def deliveries(self, resource: str) -> Iterator[Case]:
        return _of_deliveries(self.seen.notices, resource)


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
