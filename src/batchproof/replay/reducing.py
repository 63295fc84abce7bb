"""Makes the evidence of a finding small: which exchanges of a history suffice to show it, by what the judge says.

Nothing is sent here. The method is delta debugging (Zeller and Hildebrandt, *Simplifying and isolating failure-inducing
input*, 2002), on exchanges.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judge import Finding, weigh
from batchproof.judge.sightings import in_order
from batchproof.replay.links import Links

_Item = TypeVar("_Item")


def shows(contract: Contract, exchanges: Sequence[Exchange], requirement: str, fingerprint: str) -> bool:
    """Whether these exchanges alone give the finding."""
    found = weigh(contract, exchanges).findings(requirement)
    return any(finding.fingerprint == fingerprint for finding in found)


class Reducer:
    """Looks for small evidence in one history."""

    def __init__(self, contract: Contract, exchanges: Sequence[Exchange]) -> None:
        self.contract = contract
        self._known = {exchange.id: exchange for exchange in in_order(exchanges)}
        self.links = Links(contract, list(self._known.values()))

    def smallest(self, requirement: str, finding: Finding) -> list[Exchange]:
        """The fewest exchanges that were found to show ``finding``, with all that their requests depend on.

        None where exchanges alone do not show it, as when a delivery did.
        """

        def enough(candidate: Sequence[Exchange]) -> bool:
            return shows(self.contract, candidate, requirement, finding.fingerprint)

        start = self._start(finding, enough)
        if start is None:
            return []
        kept = fewest(start, lambda some: enough(self.links.closed(some, self._known)))
        return self.links.closed(kept, self._known)

    def before(self, finding: Finding) -> list[Exchange]:
        """Everything that the scenarios of a finding had sent when it showed."""
        named = self.named(finding.exchanges)
        scenarios = {exchange.scenario for exchange in named}
        last = max((exchange.end for exchange in named), default=0.0)
        sent = [item for item in self._known.values() if item.scenario in scenarios and item.end <= last]
        return self.links.closed([*sent, *named], self._known)

    def named(self, identifiers: Sequence[str]) -> list[Exchange]:
        """The exchanges with these ids, in order."""
        wanted = set(identifiers)
        return [exchange for identifier, exchange in self._known.items() if identifier in wanted]

    def closed(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """``exchanges`` with all that their requests depend on."""
        return self.links.closed(exchanges, self._known)

    def _start(self, finding: Finding, enough: Callable[[Sequence[Exchange]], bool]) -> list[Exchange] | None:
        for candidate in (self.closed(self.named(finding.exchanges)), self.before(finding)):
            if enough(candidate):
                return candidate
        whole = list(self._known.values())
        return whole if enough(whole) else None


def fewest(items: Sequence[_Item], enough: Callable[[list[_Item]], bool]) -> list[_Item]:
    """A part of ``items`` that is ``enough`` and of which no single element can be left out; later ones go first."""
    kept = list(items)
    size = max(1, len(kept) // 2)
    while True:
        for end in range(len(kept), 0, -size):
            fewer = kept[: max(0, end - size)] + kept[end:]
            if len(fewer) < len(kept) and enough(fewer):
                kept = fewer
        if size == 1:
            return kept
        size = max(1, size // 2)
