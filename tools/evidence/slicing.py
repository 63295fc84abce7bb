"""The part of a history that a change can reach: judging it is cheap, and says the same as judging the whole."""

from collections import defaultdict
from collections.abc import Iterable

from batchproof.history import Exchange
from batchproof.judge.sightings import accepted, shown_by

from .looks import Healthy
from .mutants import Changes, Mutant

# what is looked at again and again elsewhere shows the same
_LOOKS_ELSEWHERE = 12


class Slices:
    """Finds the exchanges that share a scenario, an object, a probe or a case with what was changed."""

    def __init__(self, healthy: Healthy) -> None:
        """Indexes the history."""
        self._contract = healthy.contract
        self._exchanges = healthy.exchanges
        self._by_scenario: dict[str, list[int]] = defaultdict(list)
        self._by_id: dict[str, set[int]] = defaultdict(set)
        self._twins: dict[str, list[int]] = defaultdict(list)
        self._probes: dict[str, list[int]] = defaultdict(list)
        self._by_name = {exchange.id: index for index, exchange in enumerate(self._exchanges)}
        for index, exchange in enumerate(self._exchanges):
            self._by_scenario[exchange.scenario].append(index)
            if "id" in exchange.request.path:
                self._by_id[exchange.request.path["id"]].add(index)
            for probe in exchange.twin_of:
                self._twins[probe].append(index)
            if exchange.probe is not None:
                self._probes[exchange.probe].append(index)
        for look in healthy.looks:
            if look.id:
                self._by_id[look.id].add(look.number)

    def around(self, mutant: Mutant, changes: Changes) -> list[Exchange]:
        """The exchanges of the slice, as they are after the change."""
        middle = min(changes)
        scenarios = (
            self._chosen(changes) if mutant.key.scope in ("view", "all") else set(self._scenarios(changes))
        )
        kept = {index for name in scenarios for index in self._by_scenario[name]}
        for identifier in sorted(mutant.about | self._named_anew(mutant, changes)):
            elsewhere = sorted(self._by_id[identifier] - kept, key=lambda index: abs(index - middle))
            kept |= set(elsewhere[:_LOOKS_ELSEWHERE])
        kept |= set(self._linked(kept))
        return [changes.get(index, self._exchanges[index]) for index in sorted(kept)]

    def whole(self, changes: Changes) -> list[Exchange]:
        """The whole history, as it is after the change."""
        return [changes.get(index, exchange) for index, exchange in enumerate(self._exchanges)]

    def _named_anew(self, mutant: Mutant, changes: Changes) -> set[str]:
        """The ids of other objects that a change of few answers shows where they did not show before."""
        if mutant.key.scope in ("view", "all"):
            return set()
        return {
            found.id
            for index, exchange in changes.items()
            if accepted(self._contract, exchange)
            for found in shown_by(self._contract, exchange)
            if found.id in self._by_id and index not in self._by_id[found.id]
        }

    def _scenarios(self, changes: Iterable[int]) -> list[str]:
        return sorted({self._exchanges[index].scenario for index in changes})

    def _chosen(self, changes: Changes) -> set[str]:
        """Of each test function among the scenarios, the one with the most changed exchanges."""
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for index in changes:
            scenario = self._exchanges[index].scenario
            counts[scenario.partition("[")[0]][scenario] += 1
        return {min(found, key=lambda name: (-found[name], name)) for found in counts.values()}

    def _linked(self, kept: set[int]) -> Iterable[int]:
        """The accepted requests beside which probes and generated requests are judged, and the probes beside them."""
        for index in kept:
            exchange = self._exchanges[index]
            if exchange.probe is not None:
                yield from self._twins[exchange.probe]
            for probe in exchange.twin_of:
                yield from self._probes[probe]
            if exchange.case is not None and exchange.case.twin in self._by_name:
                yield self._by_name[exchange.case.twin]
