"""The part of a history that a change can reach: judging it is cheap, and says the same as judging the whole."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from batchproof.contract import pointer
from batchproof.history import Exchange
from batchproof.judge.changes import may_have_changed
from batchproof.judge.sightings import accepted

from .looks import Healthy
from .mutants import Changes
from .reach import Reach
from .touched import Object, Touched

_Page = tuple[str, str, frozenset[tuple[str, str]]]


class Slices:
    """Finds the exchanges that can tell of what was changed: what shows or names the same objects, lists them, or asks the same."""

    def __init__(self, healthy: Healthy) -> None:
        """Indexes the history."""
        self._healthy = healthy
        self._contract = healthy.contract
        self._exchanges = healthy.exchanges
        self._reach = Reach(healthy.contract)
        self._by_scenario: dict[str, list[int]] = defaultdict(list)
        self._by_operation: dict[str, list[int]] = defaultdict(list)
        self._by_url: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._twins: dict[str, list[int]] = defaultdict(list)
        self._probes: dict[str, list[int]] = defaultdict(list)
        self._by_name = {exchange.id: index for index, exchange in enumerate(self._exchanges)}
        self._controls: dict[str, list[int]] = defaultdict(list)
        self._walks: dict[_Page, list[int]] = defaultdict(list)
        self._queried: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, set[int]] = defaultdict(set)
        self._referring: dict[str, set[int]] = defaultdict(set)
        self._calls: dict[str, list[int]] = defaultdict(list)
        self._deletions: list[int] = []
        self._ids: dict[int, list[str]] = defaultdict(list)
        for index, exchange in enumerate(self._exchanges):
            self._index(index, exchange)
        for look in healthy.looks:
            if look.id:
                self._named[look.id].add(look.number)
                self._ids[look.number].append(look.id)
                for at in self._contract.manifest.resources[look.resource].refers.values():
                    referred = pointer.first(look.value, at)
                    if isinstance(referred, str):
                        self._referring[referred].add(look.number)

    def _index(self, index: int, exchange: Exchange) -> None:
        name = exchange.operation or ""
        self._by_scenario[exchange.scenario].append(index)
        self._by_operation[name].append(index)
        self._by_url[name, exchange.request.url].append(index)
        for probe in exchange.twin_of:
            self._twins[probe].append(index)
        if exchange.probe is not None:
            self._probes[exchange.probe].append(index)
        elif exchange.auth is None and exchange.case is None and self._healthy.success(index):
            self._controls[name].append(index)
        for identifier in exchange.request.path.values():
            self._named[identifier].add(index)
        operation = self._contract.manifest.operations.get(name)
        if operation is None:
            return
        if operation.deletes is not None:
            self._deletions.append(index)
        if may_have_changed(self._contract, exchange):
            self._calls[exchange.request.path["id"]].append(index)
        if operation.pages is not None:
            self._walks[self._page(exchange)].append(index)
            for _, value in exchange.request.query:
                self._queried[value].add(index)

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

    def reached(self, changes: Changes, found: Mapping[Object, Touched]) -> list[Exchange]:
        """All that a change can reach which touches the objects in ``found``."""
        kept = set(changes)
        for index, exchange in changes.items():
            if not (self._healthy.success(index) and accepted(self._contract, exchange)):
                kept |= self._asked_alike(index)
        if any(key.id not in self._named for key in found):
            # an object that is nowhere else may be missing everywhere
            kept |= self._neighbours(changes)
        for key, about in found.items():
            kept |= self._telling_of(key.resource, key.id, about)
        return self._changed(self._completed(kept), changes)

    def whole(self, changes: Changes) -> list[Exchange]:
        """The whole history, as it is after the change."""
        return [changes.get(index, exchange) for index, exchange in enumerate(self._exchanges)]

    def _changed(self, kept: Iterable[int], changes: Changes) -> list[Exchange]:
        return [changes.get(index, self._exchanges[index]) for index in sorted(kept)]

    def _asked_alike(self, index: int) -> set[int]:
        """What tells whether an answer is about its request: its scenario, the same request, the accepted ones around it."""
        exchange = self._exchanges[index]
        name = exchange.operation or ""
        operation = self._contract.manifest.operations.get(name)
        kept = {*self._by_scenario[exchange.scenario], *self._by_url[name, exchange.request.url]}
        if exchange.probe is None and exchange.case is None and operation is not None:
            kept.update(self._by_operation[name])
        kept.update(self._controls[name])
        for items in self._controls.values():
            kept.update(items[-1:])
        return kept

    def _neighbours(self, changes: Changes) -> set[int]:
        names = self._reach.neighbours(self._exchanges[index].operation for index in changes)
        return {index for name in names for index in self._by_operation[name]}

    def _telling_of(self, resource: str, identifier: str, about: Touched) -> set[int]:
        """What shows or names an object, what it refers to, and the lists that were asked for one of its new values."""
        kept = self._named.get(identifier, set()) | self._referring.get(identifier, set())
        kept |= self._queried.get(identifier, set())
        for at in self._contract.manifest.resources[resource].refers.values():
            for value in about.values:
                kept |= self._named.get(str(pointer.first(value, at)), set())
        for value in about.fresh:
            kept |= self._queried.get(value, set())
        return kept

    def _completed(self, kept: set[int]) -> set[int]:
        """``kept`` with whole lists, their owners, the calls that may have changed their rows, and what is judged in pairs."""
        pages = [index for index in kept if self._is_page(index)]
        kept = kept | {item for index in pages for item in self._walks[self._page(self._exchanges[index])]}
        if pages:
            kept.update(self._deletions)
        for index in [item for item in kept if self._is_page(item)]:
            for identifier in self._ids[index]:
                kept.update(self._calls.get(identifier, ()))
            kept |= self._of_owner(index)
        return kept | set(self._linked(kept))

    def _of_owner(self, index: int) -> set[int]:
        """Of the page of an owner: what shows the owner, and the objects of its rows."""
        exchange = self._exchanges[index]
        operation = self._contract.manifest.operations[exchange.operation or ""]
        named = (
            None if operation.owner is None else dict(exchange.request.query).get(operation.owner.parameter)
        )
        if named is None:
            return set()
        names = {named, *self._ids[index]}
        return {item for name in names for item in self._named.get(name, ()) if not self._is_page(item)}

    def _is_page(self, index: int) -> bool:
        operation = self._contract.manifest.operations.get(self._exchanges[index].operation or "")
        return operation is not None and operation.pages is not None

    def _page(self, exchange: Exchange) -> _Page:
        """What the pages of one list have in common."""
        pages = self._contract.manifest.operations[exchange.operation or ""].pages
        assert pages is not None
        filters = frozenset(item for item in exchange.request.query if item[0] != pages.token)
        return exchange.scenario, exchange.operation or "", filters

    def _linked(self, kept: Iterable[int]) -> Iterator[int]:
        """The accepted requests beside which probes and generated requests are judged, and the probes beside them."""
        for index in kept:
            exchange = self._exchanges[index]
            if exchange.probe is not None:
                yield from self._twins[exchange.probe]
                yield from self._probes[exchange.probe]
            for probe in exchange.twin_of:
                yield from self._probes[probe]
            if exchange.case is not None and exchange.case.twin in self._by_name:
                yield self._by_name[exchange.case.twin]
