"""Laws: relations between fields, between two looks at one object, between objects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple

from batchproof.contract import CompiledLaw, Contract
from batchproof.contract.expressions import Bindings, NotEvaluable
from batchproof.contract.model import Law
from batchproof.history import GATEWAY_STATUSES, Exchange, Recorded
from batchproof.judge.answers import left_open
from batchproof.judge.attribution import Attribution
from batchproof.judge.changes import may_have_changed, possible_deletions
from batchproof.judge.deliveries import Notice, law_variables
from batchproof.judge.functions import FUNCTIONS
from batchproof.judge.ledger import Ledger
from batchproof.judge.pruning import Pruning
from batchproof.judge.relations import exchange_variables, looked_at, of_pairs, of_references
from batchproof.judge.remembered import Remembered
from batchproof.judge.sightings import Sighting, Sightings, accepted
from batchproof.judge.walks import Walk


class Case(NamedTuple):
    """One set of variables that a law speaks about, with its evidence."""

    variables: dict[str, Any]
    exchanges: tuple[Recorded, ...]
    pointer: str = ""
    times: int = 1


def judge_laws(
    contract: Contract,
    exchanges: Sequence[Exchange],
    sightings: Sightings,
    walks: Sequence[Walk],
    ledger: Ledger,
    attribution: Attribution,
    notices: Sequence[Notice] = (),
) -> None:
    """Judges every law on every case that the history offers."""
    groups: dict[tuple[str, ...], list[CompiledLaw]] = {}
    for compiled in contract.laws:
        law = compiled.law
        groups.setdefault((law.each, law.on, law.to or "", law.view or "", law.answered), []).append(compiled)
    for laws in groups.values():
        interpreted = _interpreted(contract, laws)
        pruned, remembered = _of_sources(tuple((item.law.when, item.law.rule) for item in laws))
        for case in _cases(contract, laws[0].law, exchanges, sightings, walks, notices, attribution):
            variables = pruned(case.variables)
            outcomes = remembered.of(variables, partial(_outcomes, laws, variables))
            for compiled, outcome in zip(laws, outcomes, strict=True):
                if outcome is not None:
                    _judge(compiled, case, ledger, holds=outcome)
            for row, readings in interpreted.items():
                _judge_readings(row, [(laws[at], outcomes[at]) for at in readings], case, ledger)


def _interpreted(contract: Contract, laws: Sequence[CompiledLaw]) -> dict[str, list[int]]:
    """The rows of which these laws test every reading, with the places of their laws."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, compiled in enumerate(laws):
        if compiled.law.reading is not None and compiled.law.function is None:
            found[compiled.law.requirement].append(at)
    return {
        row: places
        for row, places in found.items()
        if {laws[at].law.reading for at in places} == set(contract.requirements[row].readings)
    }


def _judge_readings(
    row: str, outcomes: Sequence[tuple[CompiledLaw, bool | None]], case: Case, ledger: Ledger
) -> None:
    """Contradicts ``row`` where each of its readings says something of the case, and none of them holds."""
    if any(outcome is not False for _, outcome in outcomes):
        return
    first = outcomes[0][0]
    ledger.observe(row, case.times)
    ledger.contradict(
        row,
        rule=f"{first.name}:no reading",
        message="no documented interpretation holds",
        expected=" or ".join(compiled.law.rule or "" for compiled, _ in outcomes),
        observed=_telling(first, case.variables),
        exchanges=case.exchanges,
        pointer=case.pointer,
    )


@lru_cache(maxsize=1024)
def _of_sources(
    sources: tuple[tuple[str | None, str | None], ...],
) -> tuple[Pruning, Remembered[list[bool | None]]]:
    """What expressions can reach, and what they said of it: the same for every contract that has them."""
    return Pruning(text for pair in sources for text in pair if text is not None), Remembered()


def _outcomes(laws: Sequence[CompiledLaw], variables: Mapping[str, Any]) -> list[bool | None]:
    bindings = Bindings(variables)
    return [_outcome(compiled, bindings) for compiled in laws]


def _outcome(compiled: CompiledLaw, bindings: Bindings) -> bool | None:
    """Whether a law holds; None where it says nothing. What a function decides is left for each case: it sees all of it."""
    try:
        if compiled.when is not None and not compiled.when.holds(bindings):
            return None
        return compiled.rule is None or compiled.rule.holds(bindings)
    except NotEvaluable:
        return None


def _judge(compiled: CompiledLaw, case: Case, ledger: Ledger, *, holds: bool) -> None:
    law = compiled.law
    if law.function is not None:
        try:
            holds = FUNCTIONS[law.function](case.variables, law.arguments)
        except NotEvaluable:
            return
    if law.reading is not None:
        if holds:
            ledger.follow(law.requirement, law.reading)
        return
    ledger.observe(law.requirement, case.times)
    if not holds:
        rule = law.rule or " ".join(
            [law.function or "", *(f"{name}={value}" for name, value in law.arguments.items())]
        )
        ledger.contradict(
            law.requirement,
            rule=compiled.name,
            message=f"the law does not hold: {rule}",
            expected=rule + (f"  (where {law.when})" if law.when else ""),
            observed=_telling(compiled, case.variables),
            exchanges=case.exchanges,
            pointer=case.pointer,
        )


def _telling(compiled: CompiledLaw, variables: Mapping[str, Any]) -> Any:
    """The variables that the rule names; of an object, only the properties that the rule names."""
    text = compiled.law.rule
    if text is None:
        return {name: variables[name] for name in sorted(variables)}
    shown: dict[str, Any] = {}
    for name in sorted(variables):
        if compiled.rule is None or name not in compiled.rule.variables:
            continue
        value = variables[name]
        if isinstance(value, dict):
            value = {
                key: item for key, item in value.items() if f".{key}" in text or f'"{key}"' in text
            } or value
        if isinstance(value, list) and f"size({name})" in text:
            value = f"{len(value)} elements"
        shown[name] = value
    return shown


def _cases(
    contract: Contract,
    law: Law,
    exchanges: Sequence[Exchange],
    sightings: Sightings,
    walks: Sequence[Walk],
    notices: Sequence[Notice],
    attribution: Attribution,
) -> Iterable[Case]:
    match law.each:
        case "sighting":
            return chain(_of_sightings(sightings, law.on, law.view), _of_payloads(notices, law.on, law.view))
        case "step":
            return _of_steps(sightings, law.on, law.view)
        case "exchange":
            return _of_exchanges(contract, law.on, exchanges, answered=law.answered)
        case "call":
            return _of_calls(contract, law.on, exchanges, sightings, attribution)
        case "walk":
            return (_of_walk(walk) for walk in walks if walk.operation == law.on)
        case "twin":
            return _of_twins(contract, sightings, law.on)
        case "pair":
            return (Case(*related) for related in of_pairs(contract, law.on, exchanges, attribution))
        case "reference":
            return (
                Case(*related) for related in of_references(contract, law, exchanges, sightings, attribution)
            )
        case "delivery":
            return _of_deliveries(notices, law.on)


def _of_sightings(sightings: Sightings, resource: str, view: str | None) -> Iterator[Case]:
    for seen in sightings.of(resource, view):
        request = sightings.request_of(resource, seen[0].id)
        for sighting, times in _distinct(seen):
            yield Case({"self": sighting.value, "request": request}, (sighting.exchange,), sighting.at, times)


def _of_payloads(notices: Sequence[Notice], resource: str, view: str | None) -> Iterator[Case]:
    """The objects that events show. They are looks, too, though nobody knows at what moment they were taken."""
    for notice in notices:
        named = notice.named
        if named is None or named.referred or named.event.resource != resource or named.id is None:
            continue
        if view in (None, named.event.view) and isinstance(named.payload, dict):
            variables = {"self": named.payload, "request": notice.request}
            yield Case(variables, (notice.delivery,), named.event.at)


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
        if kept and kept[-1][0].value == sighting.value:
            kept[-1] = (kept[-1][0], kept[-1][1] + 1)
        else:
            kept.append((sighting, 1))
    return iter(kept)


def _of_steps(sightings: Sightings, resource: str, view: str | None) -> Iterator[Case]:
    for seen in sightings.of(resource, view):
        for index, later in enumerate(seen):
            earlier = next((item for item in reversed(seen[:index]) if item.end <= later.start), None)
            if earlier is not None:
                variables = {"oldSelf": earlier.value, "self": later.value}
                yield Case(variables, (earlier.exchange, later.exchange), later.at)


def _of_exchanges(
    contract: Contract, name: str, exchanges: Sequence[Exchange], *, answered: str
) -> Iterator[Case]:
    for exchange in exchanges:
        response = exchange.response
        if response is None or exchange.operation is None or name not in ("*", exchange.operation):
            continue
        operation = contract.manifest.operations.get(exchange.operation)
        if operation is None or response.status in GATEWAY_STATUSES or left_open(exchange):
            continue
        if answered == "success" and not (accepted(contract, exchange) and _as_documented(exchange)):
            continue
        if answered == "error" and response.status not in operation.errors.statuses:
            continue
        yield Case(exchange_variables(exchange, response), (exchange,))


def _as_documented(exchange: Exchange) -> bool:
    """False for a generated request that breaks its schema: what its acceptance should look like is nowhere said."""
    return exchange.case is None or exchange.case.mode != "invalid"


def _of_calls(
    contract: Contract,
    name: str,
    exchanges: Sequence[Exchange],
    sightings: Sightings,
    attribution: Attribution,
) -> Iterator[Case]:
    operation = contract.manifest.operations[name]
    resource = operation.reads or operation.success.shows[0].resource
    changes = [item for item in exchanges if may_have_changed(contract, item)]
    deletions = possible_deletions(contract, exchanges, resource)
    for exchange in exchanges:
        response, identifier = exchange.response, exchange.request.path.get("id")
        if exchange.operation != name or response is None or identifier is None:
            continue
        if exchange.probe is not None or exchange.case is not None:
            continue
        if not looked_at(exchange, attribution):
            continue
        before = sightings.last_before(resource, identifier, exchange.start)
        if before is not None and _outdated(before, exchange, changes):
            before = None
        evidence = (exchange,) if before is None else (before.exchange, exchange)
        deleted = any(
            item.request.path["id"] == identifier and item.start < exchange.end for item in deletions
        )
        variables = {
            **exchange_variables(exchange, response),
            "before": before.value if before is not None else None,
            "deleted": deleted,
        }
        yield Case(variables, evidence)


def _outdated(before: Sighting, exchange: Exchange, changes: Iterable[Exchange]) -> bool:
    """Whether another call may have changed the object since it was looked at, and before ``exchange`` was answered."""
    return any(
        change.request.path.get("id") == before.id
        and change.end > before.start
        and change.start < exchange.end
        and change not in (before.exchange, exchange)
        for change in changes
    )


def _of_walk(walk: Walk) -> Case:
    variables = {
        "rows": walk.rows,
        "query": walk.query,
        "pages": walk.sizes,
        "owner": walk.owner.value if walk.owner is not None else None,
        "request": walk.request,
        "deleted": walk.deleted,
    }
    evidence = walk.pages if walk.owner is None else (*walk.pages, walk.owner.exchange)
    return Case(variables, evidence)


def _of_twins(contract: Contract, sightings: Sightings, resource: str) -> Iterator[Case]:
    lifecycle = contract.manifest.resources[resource].lifecycle
    terminal = contract.manifest.lifecycles[lifecycle].terminal if lifecycle is not None else []
    for seen in sightings.of(resource):
        details = _at_rest(seen, terminal, detail=True)
        rows = _at_rest(seen, terminal, detail=False)
        if details and rows and details[-1].status == rows[-1].status:
            row, detail = rows[-1], details[-1]
            yield Case({"row": row.value, "self": detail.value}, (row.exchange, detail.exchange), row.at)


def _at_rest(seen: Sequence[Sighting], terminal: Sequence[str], *, detail: bool) -> list[Sighting]:
    return [item for item in seen if (item.view == "detail") is detail and item.status in terminal]
