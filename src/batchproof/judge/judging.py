"""The judge: a pure function of a contract and a history."""

from collections.abc import Iterable

from batchproof.contract import Contract
from batchproof.history import Exchange, History
from batchproof.judge.answers import judge_answer
from batchproof.judge.laws import judge_laws
from batchproof.judge.ledger import Ledger
from batchproof.judge.lifecycle import judge_lifecycles
from batchproof.judge.pairs import judge_pairs
from batchproof.judge.results import Results
from batchproof.judge.sightings import collect, in_order
from batchproof.judge.verdicts import conclude
from batchproof.judge.walks import find_walks


def judge(contract: Contract, history: History) -> Results:
    """Judges every exchange of ``history`` by every rule of ``contract`` that applies to it."""
    return conclude(contract, history, weigh(contract, history.exchanges))


def weigh(contract: Contract, exchanges: Iterable[Exchange]) -> Ledger:
    """The observations and findings in ``exchanges``, in whatever order they come."""
    ledger = Ledger()
    ordered = in_order(exchanges)
    for exchange in ordered:
        judge_answer(contract, exchange, ledger)
    sightings = collect(contract, ordered)
    walks = list(find_walks(contract, ordered, sightings))
    judge_lifecycles(contract, sightings, ledger)
    judge_laws(contract, ordered, sightings, walks, ledger)
    judge_pairs(contract, ordered, ledger)
    return ledger
