"""Makes the evidence of a finding small: which exchanges of a history suffice to show it, by what the judge says.

Nothing is sent here. The method is delta debugging (Zeller and Hildebrandt, *Simplifying and isolating failure-inducing
input*, 2002), on exchanges.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judging import Finding, weigh
from batchproof.judging.generated_requests import is_settled_by
from batchproof.judging.snapshots import in_order
from batchproof.replay.links import Links
from batchproof.replay.script import status_shown

_Item = TypeVar("_Item")

_SENT_BEFORE = (10, 40, 160)


def shows(
    contract: Contract,
    exchanges: Sequence[Exchange],
    requirement: str,
    fingerprint: str,
    started_at: str | None = None,
) -> bool:
    """Whether these exchanges of a run that began at ``started_at`` alone give the finding."""
    found = weigh(contract, exchanges, started_at=started_at).findings(requirement)
    return any(finding.fingerprint == fingerprint for finding in found)


class Reducer:
    """Looks for small evidence in one history."""

    def __init__(
        self, contract: Contract, exchanges: Sequence[Exchange], started_at: str | None = None
    ) -> None:
        """``started_at`` is that of the header of the history."""
        self.contract = contract
        self._started_at = started_at
        self._known = {exchange.id: exchange for exchange in in_order(exchanges)}
        self.links = Links(contract, list(self._known.values()))

    def smallest(self, requirement: str, finding: Finding) -> list[Exchange]:
        """The fewest exchanges that were found to show ``finding``, with all that their requests depend on.

        None where exchanges alone do not show it, as when a delivery did.
        """

        def enough(candidate: Sequence[Exchange]) -> bool:
            return shows(self.contract, candidate, requirement, finding.fingerprint, self._started_at)

        start = self._start(finding, enough)
        if start is None:
            return []
        return self.described(requirement, fewest(start, lambda some: enough(self.closed(some))))

    def before(self, finding: Finding) -> list[Exchange]:
        """Everything that the scenarios of a finding had sent when it showed."""
        named = self.named(finding.exchanges)
        return self.closed([*self._sent_until(named), *named])

    def wider(self, evidence: Sequence[Exchange]) -> Iterator[list[Exchange]]:
        """``evidence`` with what its scenarios had sent shortly before it was complete: more of it each time.

        Other lists of everything are left out at first: what they show depends on what else is on a server.
        """
        needed = {exchange.id for exchange in evidence}
        sent = self._sent_until(evidence)
        for sure in (True, False):
            for count in _SENT_BEFORE:
                taken = [*sent[-count:], *evidence]
                yield self.closed(
                    item for item in taken if item.id in needed or not (sure and self._is_of_all(item))
                )
                if count >= len(sent):
                    break

    def _sent_until(self, evidence: Sequence[Exchange]) -> list[Exchange]:
        """What the scenarios of ``evidence`` had sent when it was complete, in order."""
        scenarios = {exchange.scenario for exchange in evidence}
        last = max((exchange.end for exchange in evidence), default=0.0)
        return [item for item in self._known.values() if item.scenario in scenarios and item.end <= last]

    def named(self, identifiers: Sequence[str]) -> list[Exchange]:
        """The exchanges with these ids, in order."""
        wanted = set(identifiers)
        return [exchange for identifier, exchange in self._known.items() if identifier in wanted]

    def closed(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """``exchanges`` with all that their requests depend on."""
        return self.links.closed(exchanges, self._known)

    def by_worth(self, exchanges: Iterable[Exchange]) -> list[Exchange]:
        """``exchanges``, what is best left out last: those together that depend on the same first one.

        First come reads that wait until an object shows what it showed, so that nothing else has to take as long. Last
        come lists of everything.
        """
        order = {identifier: number for number, identifier in enumerate(self._known)}

        def worth(exchange: Exchange) -> tuple[bool, bool, int, int]:
            waits = exchange.case is None and status_shown(self.contract, exchange) is not None
            return self._is_of_all(exchange), not waits, order[self._root(exchange)], order[exchange.id]

        return sorted(exchanges, key=worth)

    def _is_of_all(self, exchange: Exchange) -> bool:
        operation = self.contract.operations.get(exchange.operation or "")
        return operation is not None and operation.pages is not None and not self.links.of(exchange, ())

    def _root(self, exchange: Exchange) -> str:
        links = self.links.of(exchange, ())
        return self._root(self._known[links[0].giver]) if links else exchange.id

    def described(self, requirement: str, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """``exchanges`` with all that they depend on to tell right from wrong.

        That a generated request was refused, as it ought to be, tells something only beside its valid control.
        """
        controls = [
            self._known[exchange.case.control]
            for exchange in exchanges
            if exchange.case is not None
            and exchange.case.control in self._known
            and is_settled_by(self.contract, exchange, requirement)
        ]
        return self.closed([*exchanges, *controls])

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
        before = len(kept)
        for end in range(len(kept), 0, -size):
            fewer = kept[: max(0, end - size)] + kept[end:]
            if len(fewer) < len(kept) and enough(fewer):
                kept = fewer
        # what could not be left out may be left out now that others are gone
        if size == 1 and len(kept) == before:
            return kept
        size = max(1, size // 2)
