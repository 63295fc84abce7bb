"""What the judge says of a mutant."""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judging import Focus, weigh, weigh_answer
from batchproof.judging.evidence import Evidence

from .looks import Healthy
from .mutants import Changes, Fate, Mutant
from .reach import Reach
from .slicing import Slices
from .touched import touched

_ALONE = 3


def fate(
    contract: Contract, exchanges: Iterable[Exchange], started_at: str, focus: Focus | None = None
) -> Fate:
    """Whether a MUST fails, or only something weaker, or nothing. Rows that never fail a run count for nothing."""
    return _worst(contract, weigh(contract, exchanges, (), started_at, counting=False, focus=focus))


def _worst(contract: Contract, evidence: Evidence) -> Fate:
    rows = [contract.requirements[name] for name in evidence.contradicted]
    failed = {row.level for row in rows if not row.interpretations and row.untestable_because is None}
    if "MUST" in failed:
        return "killed"
    return "warned" if failed else "survived"


class Bench:
    """Judges the mutants of one history: each from as little as can kill it, up to all that it can reach."""

    def __init__(self, healthy: Healthy) -> None:
        """Indexes the history."""
        self.healthy = healthy
        self.slices = Slices(healthy)
        self._reach = Reach(healthy.contract)
        self._contract = healthy.contract
        self._started_at = healthy.started_at
        self._known: dict[bytes, Fate] = {}

    def judged(self, mutant: Mutant, changes: Changes) -> Fate:
        """The fate of a mutant. Two that change the same in the same way have the same fate."""
        described = digest(changes)
        if described not in self._known:
            self._known[described] = self._judged(changes)
        found = self._known[described]
        return "allowed" if found == "survived" and mutant.takes_away else found

    def whole(self, changes: Changes) -> Fate:
        """The fate of a mutant by the whole history."""
        return fate(self._contract, self.slices.whole(changes), self._started_at)

    def _judged(self, changes: Changes) -> Fate:
        # what kills a mutant in a part of the history kills it in the whole
        for exchange in list(changes.values())[:_ALONE]:
            if _worst(self._contract, weigh_answer(self._contract, exchange)) == "killed":
                return "killed"
        found = touched(self.healthy, changes)
        focus = Focus(
            frozenset(exchange.id for exchange in changes.values()),
            frozenset((item.resource, item.id) for item in found),
        )
        narrowed = self._reach.narrowed(exchange.operation for exchange in changes.values())
        return fate(narrowed, self.slices.reached(changes, found), self._started_at, focus)


def digest(changes: Changes) -> bytes:
    """What tells changes apart."""
    found = blake2b(digest_size=16)
    for index, exchange in changes.items():
        found.update(b"%d:" % index)
        found.update(msgspec.json.encode((exchange.response, exchange.failure)))
    return found.digest()
