"""The judge: a pure function of a contract and a history."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from batchproof.contract import Contract, what_is_claimed
from batchproof.history import GATEWAY_STATUSES, Delivery, Exchange, History
from batchproof.judge.answers import judge_answer, left_open
from batchproof.judge.attribution import Attribution
from batchproof.judge.bar import USUAL, Bar
from batchproof.judge.breadth import breadth
from batchproof.judge.broken_walks import judge_broken_walks
from batchproof.judge.cases import judge_cases
from batchproof.judge.deliveries import judge_deliveries, read_deliveries
from batchproof.judge.exchanges import Exchanges, indexed
from batchproof.judge.focus import Focus
from batchproof.judge.giving_up import own
from batchproof.judge.gone import judge_deletions
from batchproof.judge.law_cases import Seen
from batchproof.judge.laws import judge_laws
from batchproof.judge.ledger import Ledger
from batchproof.judge.lifecycle import judge_lifecycles
from batchproof.judge.pairs import judge_pairs
from batchproof.judge.requests import judge_requests, unexpected
from batchproof.judge.results import Breadth, Results
from batchproof.judge.sightings import Sightings, collect, in_order
from batchproof.judge.strangers import split
from batchproof.judge.transitions import transitions
from batchproof.judge.verdicts import conclude
from batchproof.judge.walks import find_walks


def judge(contract: Contract, history: History, bar: Bar = USUAL) -> Results:
    """Judges every exchange and delivery of ``history`` by every rule of ``contract`` that applies to it.

    What its header does not claim is left out: its rows, and what its operations answered. ``bar`` says what of the
    rest fails the run.
    """
    contract = contract.whole
    evidence = _evidence(contract, history.exchanges)
    delivered, others = split(contract.manifest.webhooks, history.deliveries, evidence.sightings)
    claims = history.header.claims
    claimed = what_is_claimed(contract, claims)
    ledger = Ledger(operations=None if claims is None else claimed.operations)
    ledger = _weighed(contract, evidence, delivered, history.header.started_at, ledger)
    lifecycles = contract.manifest.lifecycles
    answers = unexpected(contract, evidence.of_this_version, evidence.sightings)
    broad = breadth(contract, evidence.of_this_version).operations
    return msgspec.structs.replace(
        conclude(contract, history, ledger, lambda: _by_own(contract, history), bar),
        strangers=[delivery.id for delivery in others],
        transitions=[
            seen
            for seen in transitions(contract, evidence.sightings)
            if lifecycles[seen.lifecycle].terminal_requirement not in claimed.left_out
        ],
        breadth=Breadth(
            operations={name: item for name, item in broad.items() if name in claimed.operations}
        ),
        unexpected=[item for item in answers if item.operation in claimed.operations],
    )


def _by_own(contract: Contract, history: History) -> Ledger:
    """What the objects of this run alone show."""
    exchanges = own(contract, history.exchanges)
    return weigh(contract, exchanges, history.deliveries, history.header.started_at)


def weigh(
    contract: Contract,
    exchanges: Iterable[Exchange],
    deliveries: Iterable[Delivery] = (),
    started_at: str | None = None,
    *,
    counting: bool = True,
    focus: Focus | None = None,
) -> Ledger:
    """The observations and findings in ``exchanges`` and ``deliveries``, in whatever order they come.

    ``started_at`` is that of their header; without it, laws about the wall time say nothing. Without ``counting``, the
    findings are the same, and what shapes exercise is left out. With a ``focus``, what lies outside is context: it is not
    judged by itself.
    """
    contract = contract.whole
    evidence = _evidence(contract, exchanges)
    delivered, _ = split(contract.manifest.webhooks, deliveries, evidence.sightings)
    return _weighed(contract, evidence, delivered, started_at, Ledger(counting=counting), focus)


def weigh_answer(contract: Contract, exchange: Exchange) -> Ledger:
    """The findings in the answer of one exchange, whatever lies around it: a part of what ``weigh`` does."""
    contract = contract.whole
    ledger = Ledger(counting=False)
    if asked_in_version(contract, exchange):
        judge_answer(contract, exchange, ledger)
    return ledger


class _Evidence(NamedTuple):
    """All exchanges in order, those that ask in the contract's version, and what these show."""

    ordered: list[Exchange]
    of_this_version: Exchanges
    sightings: Sightings


def _evidence(contract: Contract, exchanges: Iterable[Exchange]) -> _Evidence:
    ordered = in_order(exchanges)
    of_this_version = indexed(
        contract, (exchange for exchange in ordered if asked_in_version(contract, exchange))
    )
    return _Evidence(ordered, of_this_version, collect(contract, of_this_version))


def _weighed(
    contract: Contract,
    evidence: _Evidence,
    deliveries: Iterable[Delivery],
    started_at: str | None,
    ledger: Ledger,
    focus: Focus | None = None,
) -> Ledger:
    ordered, of_this_version, sightings = evidence
    attribution = Attribution(ordered)
    judged = of_this_version if focus is None else focus.on_exchanges(of_this_version)
    if ledger.operations is not None:
        judged = list(filter(ledger.counts, judged))
    judged = indexed(contract, judged)
    looks = sightings if focus is None else focus.on_objects(sightings)
    looks = looks if ledger.operations is None else looks.shown_in(judged)
    for exchange in judged:
        judge_answer(contract, exchange, ledger, attribution)
    judge_requests(contract, of_this_version, sightings, ledger)
    walks = list(find_walks(contract, of_this_version, sightings))
    judge_broken_walks(contract, of_this_version, attribution, ledger)
    judge_lifecycles(contract, looks, ledger)
    notices = read_deliveries(contract, deliveries, of_this_version, sightings)
    judge_deliveries(contract, notices, ledger)
    seen = Seen(of_this_version, judged, sightings, looks, walks, notices, attribution)
    judge_laws(contract, seen, ledger, started_at)
    judge_deletions(contract, of_this_version, sightings, walks, ledger)
    counted = list(filter(ledger.counts, ordered))
    judge_pairs(contract, counted, attribution, ledger)
    judge_cases(contract, counted, attribution, ledger)
    return ledger


def glance(contract: Contract, exchanges: Iterable[Exchange]) -> int:
    """How many answers do not look as documented: enough for a progress line, a part of what ``judge`` does."""
    contract = contract.whole
    return sum(
        asked_in_version(contract, exchange) and not _looks_right(contract, exchange)
        for exchange in exchanges
    )


def _looks_right(contract: Contract, exchange: Exchange) -> bool:
    ledger = Ledger(counting=False, again=False)
    judge_answer(contract, exchange, ledger)
    return ledger.finding_count == 0 and not (left_open(exchange) and _broke(exchange))


def _broke(exchange: Exchange) -> bool:
    status = 0 if exchange.response is None else exchange.response.status
    return status >= 500 and status not in GATEWAY_STATUSES


def asked_in_version(contract: Contract, exchange: Exchange) -> bool:
    """Whether the request carried the contract's own headers: what another version answers breaks nothing here."""
    sent = exchange.request.headers
    return all(sent.get(name.lower()) == value for name, value in contract.manifest.headers.items())
