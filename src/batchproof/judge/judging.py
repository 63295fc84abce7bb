"""The judge: a pure function of a contract and a history."""

from collections.abc import Iterable

import msgspec

from batchproof.contract import Contract
from batchproof.history import Delivery, Exchange, History
from batchproof.judge.answers import judge_answer, looks_right
from batchproof.judge.breadth import breadth
from batchproof.judge.cases import judge_cases
from batchproof.judge.deliveries import judge_deliveries, read_deliveries
from batchproof.judge.gone import judge_deletions
from batchproof.judge.laws import judge_laws
from batchproof.judge.ledger import Ledger
from batchproof.judge.lifecycle import judge_lifecycles
from batchproof.judge.pairs import judge_pairs
from batchproof.judge.results import Results
from batchproof.judge.sightings import collect, in_order
from batchproof.judge.transitions import transitions
from batchproof.judge.verdicts import conclude
from batchproof.judge.walks import find_walks


def judge(contract: Contract, history: History) -> Results:
    """Judges every exchange and delivery of ``history`` by every rule of ``contract`` that applies to it."""
    results = conclude(contract, history, weigh(contract, history.exchanges, history.deliveries))
    seen = [item for item in in_order(history.exchanges) if asked_in_version(contract, item)]
    return msgspec.structs.replace(
        results, transitions=transitions(contract, seen), breadth=breadth(contract, seen)
    )


def weigh(contract: Contract, exchanges: Iterable[Exchange], deliveries: Iterable[Delivery] = ()) -> Ledger:
    """The observations and findings in ``exchanges`` and ``deliveries``, in whatever order they come."""
    ledger = Ledger()
    ordered = in_order(exchanges)
    of_this_version = [exchange for exchange in ordered if asked_in_version(contract, exchange)]
    for exchange in of_this_version:
        judge_answer(contract, exchange, ledger)
    sightings = collect(contract, of_this_version)
    walks = list(find_walks(contract, of_this_version, sightings))
    judge_lifecycles(contract, sightings, ledger)
    notices = read_deliveries(contract, deliveries, of_this_version, sightings)
    judge_deliveries(contract, notices, ledger)
    judge_laws(contract, of_this_version, sightings, walks, ledger, notices)
    judge_deletions(contract, of_this_version, sightings, walks, ledger)
    judge_pairs(contract, ordered, ledger)
    judge_cases(contract, ordered, ledger)
    return ledger


def glance(contract: Contract, exchanges: Iterable[Exchange]) -> int:
    """How many answers do not look as documented: enough for a progress line, a small part of what ``judge`` does."""
    return sum(
        asked_in_version(contract, exchange) and not looks_right(contract, exchange) for exchange in exchanges
    )


def asked_in_version(contract: Contract, exchange: Exchange) -> bool:
    """Whether the request carried the contract's own headers: what another version answers breaks nothing here."""
    sent = exchange.request.headers
    return all(sent.get(name.lower()) == value for name, value in contract.manifest.headers.items())
