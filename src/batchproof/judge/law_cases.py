"""The cases that laws are judged on: which looks, exchanges and objects of a history belong together."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

from batchproof.contract import Contract, cel, pointer
from batchproof.contract.model import Law, Operation
from batchproof.contract.reach import reach
from batchproof.contract.shapes import Shapes
from batchproof.contract.webhooks import Named
from batchproof.history import GATEWAY_STATUSES, Exchange, Recorded
from batchproof.judge.answers import left_open
from batchproof.judge.attribution import Attribution
from batchproof.judge.calls import of_calls
from batchproof.judge.case import Case
from batchproof.judge.deliveries import Notice, law_variables
from batchproof.judge.exchanges import Exchanges, indexed
from batchproof.judge.grace import follows
from batchproof.judge.owned import of_owned
from batchproof.judge.relations import Related, exchange_variables, of_pairs, of_references
from batchproof.judge.sightings import Sighting, Sightings, accepted, shown_by
from batchproof.judge.twins import of_twins
from batchproof.judge.walks import Walk


class Seen(NamedTuple):
    """What laws are judged on. Of ``exchanges`` and ``sightings``, single ones are judged where they are ``judged`` or ``looks``."""

    exchanges: Sequence[Exchange]
    judged: Sequence[Exchange]
    sightings: Sightings
    looks: Sightings
    walks: Sequence[Walk]
    notices: Sequence[Notice]
    attribution: Attribution


def cases_of(contract: Contract, law: Law, seen: Seen) -> Iterable[Case]:
    """Every case that the history offers to laws with the ``each``, ``on``, ``to``, ``view`` and ``answered`` of ``law``."""
    exchanges, sightings, attribution = seen.exchanges, seen.sightings, seen.attribution
    match law.each:
        case "sighting":
            return chain(
                _of_sightings(seen.looks, law.on, law.view), _of_payloads(seen.notices, law.on, law.view)
            )
        case "step":
            return _of_steps(seen.looks, law.on, law.view)
        case "comparison":
            return _of_comparisons(seen.looks, seen.notices, law.on, law.view)
        case "exchange":
            # a change to one creation may tell against another one
            creates = law.on != "*" and contract.manifest.operations[law.on].creates is not None
            chosen = exchanges if creates else seen.judged
            cases = _of_exchanges(contract, law.on, indexed(contract, chosen), answered=law.answered)
            return _with_what_was_known(contract, sightings, cases)
        case "call":
            return of_calls(contract, law.on, exchanges, sightings, attribution)
        case "row":
            return _of_rows(contract, law.on, indexed(contract, seen.judged))
        case "walk":
            return (_of_walk(walk) for walk in seen.walks if walk.operation == law.on)
        case "owned":
            return of_owned(seen.walks, law.on)
        case "twin":
            return of_twins(contract, seen.looks, law.on)
        case "pair":
            return map(_of_related, of_pairs(contract, law.on, exchanges, attribution))
        case "reference":
            return map(_of_related, of_references(contract, law, exchanges, sightings, attribution))
        case "delivery":
            return _of_deliveries(seen.notices, law.on)


def _of_sightings(sightings: Sightings, resource: str, view: str | None) -> Iterator[Case]:
    for seen in sightings.of(resource, view):
        request = sightings.request_of(resource, seen[0].id)
        created = sightings.creator_of(resource, seen[0].id) is not None
        for sighting, times in _distinct(seen):
            variables = {"self": sighting.value, "request": request, "created": created}
            evidence = (sighting.exchange,)
            yield Case(variables, evidence, sighting.at, times, asked=evidence)


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
            for variables in law_variables(notice):
                yield Case(variables, evidence)


def _distinct(seen: Sequence[Sighting]) -> Iterator[tuple[Sighting, int]]:
    """Looks that showed the same thing are judged once and counted."""
    kept: list[tuple[Sighting, int]] = []
    for sighting in seen:
        if kept and cel.equal(kept[-1][0].value, sighting.value):
            kept[-1] = (kept[-1][0], kept[-1][1] + 1)
        else:
            kept.append((sighting, 1))
    return iter(kept)


def _of_steps(sightings: Sightings, resource: str, view: str | None) -> Iterator[Case]:
    for seen in sightings.of(resource, view):
        for index, later in enumerate(seen):
            before = reversed(seen[:index])
            earlier = next((item for item in before if follows(later.exchange, item.exchange)), None)
            if earlier is not None:
                variables = {"oldSelf": earlier.value, "self": later.value}
                evidence = (earlier.exchange, later.exchange)
                yield Case(variables, evidence, later.at, asked=(later.exchange,))


def _of_comparisons(
    sightings: Sightings, notices: Sequence[Notice], resource: str, view: str | None
) -> Iterator[Case]:
    """Looks that follow each other, however closely: a view that is behind, or an event, shows what never changes as it is."""
    last: dict[str, Sighting] = {}
    for seen in sightings.of(resource, view):
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


def _with_what_was_known(contract: Contract, sightings: Sightings, cases: Iterable[Case]) -> Iterator[Case]:
    """Adds whether the object that a creation shows had been shown before the creation was asked for."""
    for case in cases:
        exchange = case.asked[0]
        operation = contract.manifest.operations[exchange.operation or ""]
        known = False
        if operation.creates is not None and accepted(contract, exchange):
            ends = (sightings.first_end(item.resource, item.id) for item in shown_by(contract, exchange))
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


def _of_walk(walk: Walk) -> Case:
    variables = {
        "rows": walk.rows,
        "query": walk.query,
        "pages": walk.sizes,
        "owner": walk.owner.value if walk.owner is not None else None,
        "request": walk.request,
        "deleted": walk.deleted,
        "known": walk.known,
        "about": walk.about,
        "still": walk.still,
        "details": walk.details,
        "later": walk.later.value if walk.later is not None else None,
    }
    owners = [look.exchange for look in (walk.owner, walk.later) if look is not None]
    evidence = (*walk.pages, *owners)
    return Case(variables, evidence, asked=walk.pages)


def _of_related(related: Related) -> Case:
    return Case(*related, asked=related.exchanges[-1:])
