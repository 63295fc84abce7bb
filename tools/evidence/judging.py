"""What the judge says of a mutant."""

from collections.abc import Iterable
from typing import Literal

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judge import weigh

from .mutants import Changes, Mutant
from .slicing import Slices

Fate = Literal["killed", "warned", "survived"]
_ALONE = 3


def fate(contract: Contract, exchanges: Iterable[Exchange]) -> Fate:
    """Whether a MUST fails, or only something weaker, or nothing. Rows that never fail a run count for nothing."""
    ledger = weigh(contract, exchanges)
    if ledger.finding_count == 0:
        return "survived"
    failed = {
        row.level
        for row in contract.requirements.values()
        if not row.readings and row.untestable_because is None and ledger.findings(row.id)
    }
    if "MUST" in failed:
        return "killed"
    return "warned" if failed else "survived"


def judged(contract: Contract, slices: Slices, mutant: Mutant, changes: Changes) -> Fate:
    """The fate of a mutant. What kills it in one answer kills it in the whole; only else what lies around is judged."""
    for index in list(changes)[:_ALONE]:
        if fate(contract, [changes[index]]) == "killed":
            return "killed"
    return fate(contract, slices.around(mutant, changes))
