"""Walks that break or go in circles: a token that the server gave has to lead to the next page."""

from collections.abc import Iterator, Sequence

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Operation
from batchproof.history import TOO_MANY_REQUESTS, Exchange
from batchproof.judge.answers import left_open
from batchproof.judge.attribution import Attribution, answered_with, from_elsewhere
from batchproof.judge.grace import GRACE_S
from batchproof.judge.known import rows_of
from batchproof.judge.ledger import Ledger
from batchproof.judge.sightings import accepted

_AGAIN = 2
# a list that moves may show its last rows again on the next page, but not time after time
_IN_A_CIRCLE = 3


def judge_broken_walks(
    contract: Contract, exchanges: Sequence[Exchange], attribution: Attribution, ledger: Ledger
) -> None:
    """Judges every page that was asked for with a token of the page before; ``exchanges`` are in order."""
    for name, operation in contract.manifest.operations.items():
        if operation.pages is None:
            continue
        asked = [item for item in exchanges if item.operation == name and not left_open(item)]
        bad: list[Exchange] = []
        circles: dict[str, list[Exchange]] = {}
        for page, before in _following(
            contract, operation, [item for item in asked if item.probe is None and item.auth is None]
        ):
            if accepted(contract, page):
                bad = []
                if operation.pages.answered is not None:
                    ledger.observe(operation.pages.answered)
                if _stands_still(operation, page, before):
                    _tell_circle(operation, page, before, "the same token", ledger)
                elif rows_of(operation, page) and rows_of(operation, page) == rows_of(operation, before):
                    circles[page.id] = [*circles.get(before.id, [before]), page]
                    if len(circles[page.id]) == _IN_A_CIRCLE:
                        _tell_circle(operation, page, before, "further tokens", ledger)
            elif _is_bad(page, attribution):
                bad.append(page)
                if len(bad) >= _AGAIN and _is_no_accident(bad):
                    _tell(operation, bad, ledger)


def _following(
    contract: Contract, operation: Operation, asked: Sequence[Exchange]
) -> Iterator[tuple[Exchange, Exchange]]:
    """The pages that were asked for as the accepted page before them said, by its token, with the same filters; and that page."""
    assert operation.pages is not None
    given: dict[tuple[str, str, frozenset[tuple[str, str]]], Exchange] = {}
    for page in asked:
        query = dict(page.request.query)
        token = query.pop(operation.pages.token, None)
        filters = frozenset(query.items())
        before = None if token is None else given.get((page.scenario, token, filters))
        if before is not None and before.end <= page.start:
            yield page, before
        if accepted(contract, page) and page.response is not None:
            following = pointer.first(page.response.body, operation.pages.next)
            if isinstance(following, str) and following:
                given.setdefault((page.scenario, following, filters), page)


def _stands_still(operation: Operation, page: Exchange, before: Exchange) -> bool:
    """Whether a page names the token that led to it, and shows what the page before it showed: nobody gets beyond it.

    The same token alone proves nothing, since a server may keep the place itself.
    """
    assert operation.pages is not None
    assert page.response is not None
    token = dict(page.request.query)[operation.pages.token]
    rows = rows_of(operation, page)
    return (
        pointer.first(page.response.body, operation.pages.next) == token
        and bool(rows)
        and rows == rows_of(operation, before)
    )


def _is_bad(page: Exchange, attribution: Attribution) -> bool:
    """Whether the page was refused or broke off; a limit on the rate of requests says only that it comes later."""
    if from_elsewhere(page):
        limited = page.response is not None and page.response.status == TOO_MANY_REQUESTS
        return not limited and attribution.between_successes(page)
    return page.response is not None and page.response.status >= 400


def _is_no_accident(bad: Sequence[Exchange]) -> bool:
    """A refusal is meant; a breakdown has to come back a moment later."""
    refused = all(page.response is not None and page.response.status < 500 for page in bad)
    return refused or bad[-1].start - bad[0].end >= GRACE_S


def _tell_circle(operation: Operation, page: Exchange, before: Exchange, then: str, ledger: Ledger) -> None:
    assert operation.pages is not None
    requirement = operation.pages.answered or operation.success.requirement
    ledger.observe(requirement)
    ledger.contradict(
        requirement,
        rule=f"page:{page.operation}:again",
        message=f"the token of a page leads to the same rows and to {then} again",
        expected="the next page",
        observed=dict(page.request.query)[operation.pages.token],
        exchanges=[before, page],
        pointer=operation.pages.next,
    )


def _tell(operation: Operation, bad: Sequence[Exchange], ledger: Ledger) -> None:
    assert operation.pages is not None
    requirement = operation.pages.answered or operation.success.requirement
    ledger.observe(requirement)
    ledger.contradict(
        requirement,
        rule=f"page:{bad[-1].operation}",
        message=f"a page that was asked for with the token of the one before {answered_with(bad[-1])}, {len(bad)} times",
        expected=f"status {operation.success.told}",
        observed=None if bad[-1].response is None else bad[-1].response.status,
        exchanges=bad,
        pattern="",
    )
