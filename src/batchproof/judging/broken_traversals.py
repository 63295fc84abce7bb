"""Traversals that break: a token that the server gave has to lead to the next page, not to the same one again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Operation
from batchproof.history import TOO_MANY_REQUESTS, Exchange
from batchproof.judging.answers import left_open
from batchproof.judging.attribution import Attribution, answered_with, from_elsewhere, too_late
from batchproof.judging.evidence import Evidence
from batchproof.judging.grace import GRACE_S
from batchproof.judging.known import rows_of
from batchproof.judging.snapshots import accepted
from batchproof.judging.somebody_elses import may_be_refused
from batchproof.judging.words.requests import answered
from batchproof.judging.words.values import listed
from batchproof.judging.words.worded import worded

_AGAIN = 2
_DESCRIBED = 5
_FEW = 2
# a list that moves may show its last rows again on the next page, but not time after time
_IN_A_CIRCLE = 3


def judge_broken_traversals(
    contract: Contract, exchanges: Sequence[Exchange], attribution: Attribution, evidence: Evidence
) -> None:
    """Judges every page that was asked for with a token of the page before; ``exchanges`` are in order."""
    for name, operation in contract.manifest.operations.items():
        if operation.pages is None:
            continue
        asked = [item for item in exchanges if item.operation == name and not left_open(item)]
        bad: list[Exchange] = []
        alike: dict[str, int] = {}
        for before, page in _following(
            contract, operation, [item for item in asked if item.probe is None and item.auth is None]
        ):
            _judge_progress(contract, operation, before, page, alike, evidence)
            if accepted(contract, page):
                bad = []
                if operation.pages.answered is not None:
                    evidence.observe(operation.pages.answered)
            elif _is_bad(page, attribution):
                bad.append(page)
                if len(bad) >= _AGAIN and _is_no_accident(bad):
                    _describe(operation, bad, evidence)


def _judge_progress(
    contract: Contract,
    operation: Operation,
    before: Exchange,
    page: Exchange,
    alike: dict[str, int],
    evidence: Evidence,
) -> None:
    """A page that shows the objects of the page before it once more leads nowhere; ``alike`` counts such pages in a row."""
    assert operation.pages is not None
    rows = [_ids(contract, operation, item) for item in (before, page)]
    if not all(rows):
        return
    if operation.pages.leads is not None:
        evidence.observe(operation.pages.leads)
    if sorted(rows[0]) != sorted(rows[1]):
        return
    alike[page.id] = alike.get(before.id, 1) + 1
    if (
        _is_stable(operation, page)
        or alike[page.id] >= _IN_A_CIRCLE
        or (_goes_on(operation, page) and len(rows[1]) > _FEW)
    ):
        requirement = operation.pages.leads or operation.pages.answered or operation.success.requirement
        if operation.pages.leads is None:
            evidence.observe(requirement)
        evidence.contradict(
            requirement,
            rule=f"circle:{page.operation}",
            message="a page that was asked for with the token of the one before shows the same rows again",
            expected="further rows",
            observed=rows[1][:_DESCRIBED],
            exchanges=[before, page],
            pattern=operation.pages.rows,
            words=lambda: worded(
                f"{page.operation}: the next page shows the rows of the page before again",
                f"both pages show {listed(rows[1])}",
            ),
        )


def _is_stable(operation: Operation, page: Exchange) -> bool:
    """Whether the page was asked for in an order in which no row moves."""
    assert operation.pages is not None
    stable = operation.pages.stable
    return bool(stable) and stable.items() <= dict(page.request.query).items()


def _goes_on(operation: Operation, page: Exchange) -> bool:
    """Whether the page says that there are others: a page of one or two may be shown twice because new rows came in before it."""
    assert operation.pages is not None
    assert page.response is not None
    more = pointer.first(page.response.body, operation.pages.next)
    return isinstance(more, str) and more != ""


def _ids(contract: Contract, operation: Operation, page: Exchange) -> list[str]:
    if not accepted(contract, page):
        return []
    id_at = contract.manifest.resources[operation.success.shows[0].resource].id
    return [str(pointer.first(row, id_at)) for row in rows_of(operation, page)]


def _following(
    contract: Contract, operation: Operation, asked: Sequence[Exchange]
) -> Iterator[tuple[Exchange, Exchange]]:
    """The pages that were asked for as the accepted page before them said, by its token, with the same filters: both."""
    assert operation.pages is not None
    given: dict[tuple[str, str, frozenset[tuple[str, str]]], list[Exchange]] = defaultdict(list)
    for page in asked:
        query = dict(page.request.query)
        token = query.pop(operation.pages.token, None)
        filters = frozenset(query.items())
        givers = [] if token is None else given[page.scenario, token, filters]
        before = next((item for item in reversed(givers) if item.end <= page.start), None)
        if before is not None:
            yield before, page
        if accepted(contract, page) and page.response is not None:
            following = pointer.first(page.response.body, operation.pages.next)
            if isinstance(following, str) and following:
                given[page.scenario, following, filters].append(page)


def _is_bad(page: Exchange, attribution: Attribution) -> bool:
    """Whether the page was refused or broke off; a limit on the rate of requests says only that it comes later.

    So does an answer that did not come in time.
    """
    if too_late(page) or may_be_refused(page):
        return False
    if from_elsewhere(page):
        limited = page.response is not None and page.response.status == TOO_MANY_REQUESTS
        return not limited and attribution.between_successes(page)
    return page.response is not None and page.response.status >= 400


def _is_no_accident(bad: Sequence[Exchange]) -> bool:
    """A refusal is meant; a breakdown has to come back a moment later."""
    refused = all(page.response is not None and page.response.status < 500 for page in bad)
    return refused or bad[-1].start - bad[0].end >= GRACE_S


def _describe(operation: Operation, bad: Sequence[Exchange], evidence: Evidence) -> None:
    assert operation.pages is not None
    requirement = operation.pages.answered or operation.success.requirement
    evidence.observe(requirement)
    evidence.contradict(
        requirement,
        rule=f"page:{bad[-1].operation}",
        message=f"a page that was asked for with the token of the one before {answered_with(bad[-1])}, {len(bad)} times",
        expected=f"status {operation.success.described}",
        observed=None if bad[-1].response is None else bad[-1].response.status,
        exchanges=bad,
        pattern="",
        words=lambda: worded(
            f"{bad[-1].operation}: a page asked for with the token of the one before {answered_with(bad[-1])}",
            f"{answered(bad[-1])}, {len(bad)} times",
            operation.success.described,
        ),
    )
