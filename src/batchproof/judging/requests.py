"""Valid requests: what was shown can be read, and what is asked for as documented is answered.

One bad answer may be an accident, which the documentation of most APIs foresees. The same one to the same request again,
a moment later and with no good one in between, is what the server makes of that request. A refusal is no accident where the
same request is accepted before and afterwards, nor is a token that the same operation accepts, refuses and accepts again.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from batchproof.contract import Contract
from batchproof.contract.model import Operation
from batchproof.history import TOO_MANY_REQUESTS, Exchange, has_body
from batchproof.judging.attribution import answer_of, answered_with, from_elsewhere, too_late
from batchproof.judging.changes import can_be_deleted, possible_deletions
from batchproof.judging.evidence import Evidence
from batchproof.judging.exchanges import indexed
from batchproof.judging.grace import GRACE_S
from batchproof.judging.results import Unexpected
from batchproof.judging.snapshots import Snapshots
from batchproof.judging.somebody_elses import may_be_refused
from batchproof.judging.words.requests import answered
from batchproof.judging.words.worded import worded

_AGAIN = 2
# conflict, locked, too early: what is refused now may be accepted later
_PASSING = frozenset({409, 423, 425})
_NOT_FOUND = 404
# how often a token is refused that is accepted in between
_OFTEN = 3
_NAMED = 5
_AGAIN_FROM_ELSEWHERE = 3
# the end of a text that a run makes anew each time: `input-12`, `input-1f0c9e-12` of one scenario, or a digest
_NUMBERED = re.compile(r"(?:(?:-[0-9a-f]{6})?-[0-9]+|[0-9a-f]{32,64})\Z")


def judge_requests(
    contract: Contract, exchanges: Sequence[Exchange], snapshots: Snapshots, evidence: Evidence
) -> None:
    """Judges reads of objects that were shown, lists, creations, and actions, all as they stand in the contract; in order.

    An action is bad where the server breaks on it, whatever object it is about.
    """
    successes = [item.end for item in exchanges if _is_valid(item) and _succeeded(contract, item)]
    last_success = max(successes, default=0.0)
    turned_away = () if contract.manifest.auth is None else contract.manifest.auth.refused
    by_operation: dict[str, list[Exchange]] = defaultdict(list)
    refusals = _refusals_of_actions(contract, exchanges)
    for asked in _alike(contract, exchanges, snapshots).values():
        operation_name = asked[0].operation or ""
        operation = contract.manifest.operations[operation_name]
        by_operation[operation_name] += asked
        known_good = operation.creates is None or any(_succeeded(contract, item) for item in asked)
        for bad in _in_a_row(contract, asked, refusals.get(operation_name, ())):
            # a creation that is always refused may lack what only the user can give
            if not known_good and not all(_is_of_server(item) for item in bad):
                continue
            if all(_may_be_gone(contract, item, snapshots) for item in bad):
                continue
            # the server was there, whatever became of it afterwards
            before = [item for item in bad if item.end < last_success]
            repeated = bool(before) and _is_no_accident(before)
            if repeated or (_is_refusal(bad) and _is_between_successes(contract, asked, bad)):
                _describe(operation, before if repeated else bad, evidence)
    for name, asked in by_operation.items():
        unknown = sorted(
            (item for item in asked if _has_status(item, *turned_away)),
            key=lambda item: item.end,
        )
        if len(unknown) >= _OFTEN and _is_between_successes(contract, asked, unknown):
            _describe(contract.manifest.operations[name], unknown, evidence)


def _describe(operation: Operation, bad: Sequence[Exchange], evidence: Evidence) -> None:
    evidence.contradict(
        operation.success.requirement,
        rule=f"refused:{bad[0].operation}",
        message=f"a valid request {answered_with(bad[-1])}, {len(bad)} times",
        expected=f"status {operation.success.described}",
        observed=None if bad[-1].response is None else bad[-1].response.status,
        exchanges=bad,
        pattern="",
        words=lambda: worded(
            f"{bad[0].operation}: a valid request {answered_with(bad[-1])}, {len(bad)} times",
            answered(bad[-1]),
            operation.success.described,
        ),
    )
    evidence.observe(operation.success.requirement)


def unexpected(contract: Contract, exchanges: Sequence[Exchange], snapshots: Snapshots) -> list[Unexpected]:
    """The answers to valid requests that are not the documented success, whether they break anything or not."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for asked in _alike(contract, exchanges, snapshots).values():
        for exchange in asked:
            name = exchange.operation or ""
            if _is_bad(contract.manifest.operations[name], exchange):
                found[name, answer_of(exchange)].append(exchange.id)
    return [
        Unexpected(operation=operation, answer=answer, count=len(ids), exchanges=ids[:_NAMED])
        for (operation, answer), ids in sorted(found.items())
    ]


def _alike(
    contract: Contract, exchanges: Sequence[Exchange], snapshots: Snapshots
) -> Mapping[Any, list[Exchange]]:
    """Valid requests that ask for the same thing."""
    found: dict[Any, list[Exchange]] = defaultdict(list)
    changes = indexed(contract, exchanges).changes
    deletions = {
        resource: possible_deletions(contract, changes, resource) for resource in contract.manifest.resources
    }
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        if operation is None or not _is_valid(exchange):
            continue
        if operation.reads is not None and operation.method == "GET":
            identifier = exchange.request.path.get("id", "")
            shown = snapshots.first_end(operation.reads, identifier)
            # who was never shown an object may ask for nothing, and a replica may not know a new one yet
            if shown is None and not _is_of_server(exchange):
                continue
            if shown is not None and exchange.start < shown + GRACE_S and _has_status(exchange, _NOT_FOUND):
                continue
            if any(
                item.request.path["id"] == identifier and item.start < exchange.end
                for item in deletions[operation.reads]
            ):
                continue
            found[exchange.operation, exchange.request.url].append(exchange)
        elif operation.pages is not None:
            if operation.pages.token not in dict(exchange.request.query):
                found[exchange.operation, exchange.request.url].append(exchange)
        elif operation.creates is not None and has_body(exchange.request):
            found[exchange.operation, _form(exchange.request.body)].append(exchange)
        elif _acts(operation, exchange) and (_succeeded(contract, exchange) or _is_of_server(exchange)):
            # whether an object may be acted on depends on its state, so a refusal is neither good nor bad
            found[exchange.operation, "/{id}"].append(exchange)
    return found


def _may_be_gone(contract: Contract, exchange: Exchange, snapshots: Snapshots) -> bool:
    """Whether another client may have deleted what ``exchange`` asks for: an old object that nothing shows afterwards."""
    if not _has_status(exchange, _NOT_FOUND):
        return False
    resource = contract.manifest.operations[exchange.operation or ""].reads or ""
    identifier = exchange.request.path.get("id", "")
    return (
        can_be_deleted(contract, resource)
        and snapshots.creator_of(resource, identifier) is None
        and all(look.start < exchange.end for look in snapshots.by_object.get((resource, identifier), ()))
    )


def _is_valid(exchange: Exchange) -> bool:
    return (
        exchange.probe is None
        and exchange.case is None
        and exchange.auth is None
        and not may_be_refused(exchange)
    )


def _acts(operation: Operation, exchange: Exchange) -> bool:
    """Whether the request does something with one object."""
    return operation.method != "GET" and operation.creates is None and "id" in exchange.request.path


def _succeeded(contract: Contract, exchange: Exchange) -> bool:
    operation = contract.manifest.operations.get(exchange.operation or "")
    return (
        operation is not None
        and exchange.response is not None
        and exchange.response.status in operation.success.statuses
    )


def _refusals_of_actions(
    contract: Contract, exchanges: Sequence[Exchange]
) -> Mapping[str, Sequence[Exchange]]:
    """What the server itself refused to do with an object, of actions that it also carried out."""
    done = {item.operation for item in exchanges if _is_valid(item) and _succeeded(contract, item)}
    found: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        operation = contract.manifest.operations.get(exchange.operation or "")
        if operation is None or exchange.operation not in done or not _is_valid(exchange):
            continue
        if _acts(operation, exchange) and _is_refusal([exchange]) and _is_bad(operation, exchange):
            found[exchange.operation or ""].append(exchange)
    return found


def _in_a_row(
    contract: Contract, asked: Sequence[Exchange], refusals: Sequence[Exchange]
) -> Iterator[list[Exchange]]:
    """The bad answers that follow each other without a good one, longest stretches whole.

    What did not come in time is neither good nor bad. One of ``refusals`` shows that the server was reached: what something
    else answered before was an accident.
    """
    bad: list[Exchange] = []
    for exchange in (item for item in asked if not too_late(item)):
        if bad and any(bad[-1].end <= item.end <= exchange.end for item in refusals):
            if all(map(from_elsewhere, bad)):
                yield bad
            bad = [item for item in bad if not from_elsewhere(item)]
        if _is_bad(contract.manifest.operations[exchange.operation or ""], exchange):
            bad.append(exchange)
        elif bad:
            yield bad
            bad = []
    if bad:
        yield bad


def _is_bad(operation: Operation, exchange: Exchange) -> bool:
    if exchange.response is None:
        return from_elsewhere(exchange)
    status = exchange.response.status
    return status not in operation.success.statuses and status != TOO_MANY_REQUESTS and status >= 400


def _is_refusal(bad: Sequence[Exchange]) -> bool:
    """Whether all of ``bad`` are refusals that nothing but the request explains."""
    return not any(
        from_elsewhere(item) or _is_of_server(item) or _has_status(item, *_PASSING) for item in bad
    )


def _is_between_successes(contract: Contract, asked: Sequence[Exchange], bad: Sequence[Exchange]) -> bool:
    """Whether some of ``asked`` succeeded before all of ``bad``, and some afterwards."""
    good = [item for item in asked if _succeeded(contract, item)]
    return any(item.end <= bad[0].start for item in good) and any(item.start >= bad[-1].end for item in good)


def _has_status(exchange: Exchange, *statuses: int) -> bool:
    return exchange.response is not None and exchange.response.status in statuses


def _is_of_server(exchange: Exchange) -> bool:
    return exchange.response is None or exchange.response.status >= 500


def _is_no_accident(bad: Sequence[Exchange]) -> bool:
    times = _AGAIN_FROM_ELSEWHERE if any(map(from_elsewhere, bad)) else _AGAIN
    return len(bad) >= times and bad[-1].start - bad[0].end >= GRACE_S


def _form(body: Any) -> Any:
    """A body less what makes it unlike the others: labels, digests, sizes, and how often a list holds the same."""
    if isinstance(body, dict):
        return tuple((name, _form(value)) for name, value in sorted(body.items()))
    if isinstance(body, list):
        return frozenset(map(_form, body))
    return _NUMBERED.sub("", body) if isinstance(body, str) else type(body).__name__
