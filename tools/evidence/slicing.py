"""The parts of a history that a change can reach: judging them is cheap, and says the same as judging the whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from batchproof.history import Exchange
from batchproof.judge.sightings import accepted, shown_by

from .looks import Healthy
from .mutants import Changes
from .reach import Reach


class Slices:
    """Finds the exchanges that share a scenario, an object, a probe, a case or a resource with what was changed."""

    def __init__(self, healthy: Healthy) -> None:
        """Indexes the history."""
        self._contract = healthy.contract
        self._exchanges = healthy.exchanges
        self._by_scenario: dict[str, list[int]] = defaultdict(list)
        self._by_operation: dict[str, list[int]] = defaultdict(list)
        self._by_id: dict[str, set[int]] = defaultdict(set)
        self._twins: dict[str, list[int]] = defaultdict(list)
        self._probes: dict[str, list[int]] = defaultdict(list)
        self._by_name = {exchange.id: index for index, exchange in enumerate(self._exchanges)}
        self._reach = Reach(healthy.contract)
        for index, exchange in enumerate(self._exchanges):
            self._by_scenario[exchange.scenario].append(index)
            self._by_operation[exchange.operation or ""].append(index)
            if "id" in exchange.request.path:
                self._by_id[exchange.request.path["id"]].add(index)
            for probe in exchange.twin_of:
                self._twins[probe].append(index)
            if exchange.probe is not None:
                self._probes[exchange.probe].append(index)
        for look in healthy.looks:
            if look.id:
                self._by_id[look.id].add(look.number)

    def scenarios(self, changes: Changes) -> Iterator[list[Exchange]]:
        """The changed scenarios, each for itself, the shortest first: of each test function the one that changed most."""
        counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for index in changes:
            scenario = self._exchanges[index].scenario
            counts[scenario.partition("[")[0]][scenario] += 1
        chosen = {min(found, key=lambda name: (-found[name], name)) for found in counts.values()}
        for name in sorted(chosen, key=lambda name: (len(self._by_scenario[name]), name)):
            kept = set(self._by_scenario[name])
            yield self._changed(kept | set(self._linked(kept)), changes)

    def reached(self, changes: Changes) -> list[Exchange]:
        """All that a change can reach: its scenarios, the objects that it shows anew, and everything about its resources."""
        names = self._reach.neighbours(self._exchanges[index].operation for index in changes)
        kept = {index for name in names for index in self._by_operation[name]}
        for scenario in {self._exchanges[index].scenario for index in changes}:
            kept |= set(self._by_scenario[scenario])
        for identifier in self._named_anew(changes):
            kept |= self._by_id[identifier]
        return self._changed(kept | set(self._linked(kept)), changes)

    def whole(self, changes: Changes) -> list[Exchange]:
        """The whole history, as it is after the change."""
        return [changes.get(index, exchange) for index, exchange in enumerate(self._exchanges)]

    def _changed(self, kept: Iterable[int], changes: Changes) -> list[Exchange]:
        return [changes.get(index, self._exchanges[index]) for index in sorted(kept)]

    def _named_anew(self, changes: Changes) -> set[str]:
        """The ids of other objects that an answer shows where it did not show them before."""
        return {
            found.id
            for index, exchange in changes.items()
            if accepted(self._contract, exchange)
            for found in shown_by(self._contract, exchange)
            if found.id in self._by_id and index not in self._by_id[found.id]
        }

    def _linked(self, kept: set[int]) -> Iterator[int]:
        """The accepted requests beside which probes and generated requests are judged, and the probes beside them."""
        for index in kept:
            exchange = self._exchanges[index]
            if exchange.probe is not None:
                yield from self._twins[exchange.probe]
            for probe in exchange.twin_of:
                yield from self._probes[probe]
            if exchange.case is not None and exchange.case.twin in self._by_name:
                yield self._by_name[exchange.case.twin]
