"""The judge: a pure function of a contract and a history."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from batchproof.contract import Contract, what_is_claimed
from batchproof.history import GATEWAY_STATUSES, Delivery, Exchange, History
from batchproof.judging.answers import judge_answer, left_open
from batchproof.judging.attribution import Attribution
from batchproof.judging.bar import USUAL, Bar
from batchproof.judging.breadth import breadth
from batchproof.judging.broken_traversals import judge_broken_traversals
from batchproof.judging.deletions import judge_deletions
from batchproof.judging.deliveries import judge_deliveries, read_deliveries
from batchproof.judging.evidence import Evidence
from batchproof.judging.exchanges import Exchanges, indexed
from batchproof.judging.focus import Focus
from batchproof.judging.generated_requests import judge_generated_requests
from batchproof.judging.giving_up import own
from batchproof.judging.invariant_cases import Seen
from batchproof.judging.invariants import judge_invariants
from batchproof.judging.lifecycle import judge_lifecycles
from batchproof.judging.probes import judge_probes
from batchproof.judging.requests import judge_requests, unexpected
from batchproof.judging.results import Breadth, Results
from batchproof.judging.snapshots import Snapshots, collect, in_order
from batchproof.judging.strangers import split
from batchproof.judging.transitions import transitions
from batchproof.judging.traversals import find_traversals
from batchproof.judging.verdicts import conclude


def judge(contract: Contract, history: History, bar: Bar = USUAL) -> Results:
    """Judges every exchange and delivery of ``history`` by every rule of ``contract`` that applies to it.

    What its header does not claim is left out: its rows, and what its operations answered. ``bar`` says what of the
    rest fails the run.
    """
    contract = contract.whole
    recorded = _recorded(contract, history.exchanges)
    delivered, others = split(contract.manifest.webhooks, history.deliveries, recorded.snapshots)
    claims = history.header.claims
    claimed = what_is_claimed(contract, claims)
    evidence = Evidence(operations=None if claims is None else claimed.operations)
    evidence = _weighed(contract, recorded, delivered, history.header.started_at, evidence)
    lifecycles = contract.manifest.lifecycles
    answers = unexpected(contract, recorded.of_this_version, recorded.snapshots)
    broad = breadth(contract, recorded.of_this_version).operations
    return msgspec.structs.replace(
        conclude(contract, history, evidence, lambda: _by_own(contract, history), bar),
        strangers=[delivery.id for delivery in others],
        transitions=[
            seen
            for seen in transitions(contract, recorded.snapshots)
            if lifecycles[seen.lifecycle].terminal_requirement not in claimed.left_out
        ],
        breadth=Breadth(
            operations={name: item for name, item in broad.items() if name in claimed.operations}
        ),
        unexpected=[item for item in answers if item.operation in claimed.operations],
    )


def _by_own(contract: Contract, history: History) -> Evidence:
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
) -> Evidence:
    """The observations and findings in ``exchanges`` and ``deliveries``, in whatever order they come.

    ``started_at`` is that of their header; without it, invariants about the wall time say nothing. Without ``counting``, the
    findings are the same, and what shapes exercise is left out. With a ``focus``, what lies outside is context: it is not
    judged by itself.
    """
    contract = contract.whole
    recorded = _recorded(contract, exchanges)
    delivered, _ = split(contract.manifest.webhooks, deliveries, recorded.snapshots)
    return _weighed(contract, recorded, delivered, started_at, Evidence(counting=counting), focus)


def weigh_answer(contract: Contract, exchange: Exchange) -> Evidence:
    """The findings in the answer of one exchange, whatever lies around it: a part of what ``weigh`` does."""
    contract = contract.whole
    evidence = Evidence(counting=False)
    if asked_in_version(contract, exchange):
        judge_answer(contract, exchange, evidence)
    return evidence


class _Recorded(NamedTuple):
    """All exchanges in order, those that ask in the contract's version, and what these show."""

    ordered: list[Exchange]
    of_this_version: Exchanges
    snapshots: Snapshots


def _recorded(contract: Contract, exchanges: Iterable[Exchange]) -> _Recorded:
    ordered = in_order(exchanges)
    of_this_version = indexed(
        contract, (exchange for exchange in ordered if asked_in_version(contract, exchange))
    )
    return _Recorded(ordered, of_this_version, collect(contract, of_this_version))


def _weighed(
    contract: Contract,
    recorded: _Recorded,
    deliveries: Iterable[Delivery],
    started_at: str | None,
    evidence: Evidence,
    focus: Focus | None = None,
) -> Evidence:
    ordered, of_this_version, snapshots = recorded
    attribution = Attribution(ordered)
    judged = of_this_version if focus is None else focus.on_exchanges(of_this_version)
    if evidence.operations is not None:
        judged = list(filter(evidence.counts, judged))
    judged = indexed(contract, judged)
    looks = snapshots if focus is None else focus.on_objects(snapshots)
    looks = looks if evidence.operations is None else looks.shown_in(judged)
    for exchange in judged:
        judge_answer(contract, exchange, evidence, attribution)
    judge_requests(contract, of_this_version, snapshots, evidence)
    traversals = list(find_traversals(contract, of_this_version, snapshots))
    judge_broken_traversals(contract, of_this_version, attribution, evidence)
    judge_lifecycles(contract, looks, evidence)
    notices = read_deliveries(contract, deliveries, of_this_version, snapshots)
    judge_deliveries(contract, notices, evidence)
    seen = Seen(of_this_version, judged, snapshots, looks, traversals, notices, attribution)
    judge_invariants(contract, seen, evidence, started_at)
    judge_deletions(contract, of_this_version, snapshots, traversals, evidence)
    counted = list(filter(evidence.counts, ordered))
    judge_probes(contract, counted, attribution, evidence)
    judge_generated_requests(contract, counted, attribution, evidence)
    return evidence


def glance(contract: Contract, exchanges: Iterable[Exchange]) -> int:
    """How many answers do not look as documented: enough for a progress line, a part of what ``judge`` does."""
    contract = contract.whole
    return sum(
        asked_in_version(contract, exchange) and not _looks_right(contract, exchange)
        for exchange in exchanges
    )


def _looks_right(contract: Contract, exchange: Exchange) -> bool:
    evidence = Evidence(counting=False, again=False)
    judge_answer(contract, exchange, evidence)
    return evidence.finding_count == 0 and not (left_open(exchange) and _broke(exchange))


def _broke(exchange: Exchange) -> bool:
    status = 0 if exchange.response is None else exchange.response.status
    return status >= 500 and status not in GATEWAY_STATUSES


def asked_in_version(contract: Contract, exchange: Exchange) -> bool:
    """Whether the request carried the contract's own headers: what another version answers breaks nothing here."""
    sent = exchange.request.headers
    return all(sent.get(name.lower()) == value for name, value in contract.manifest.headers.items())
