"""The part of a history that a change can reach: judging it is cheap, and says the same as judging the whole."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from batchproof.contract import pointer
from batchproof.history import Exchange
from batchproof.judging.changes import may_have_changed
from batchproof.judging.snapshots import accepted

from .looks import Healthy
from .mutants import Changes
from .reach import Reach
from .touched import Object, Touched

# lists before a change, after it and at the end that are held against it
_NEXT = 2
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
        self._controls: dict[str, list[int]] = defaultdict(list)
        self._probes: dict[str, list[int]] = defaultdict(list)
        self._by_name = {exchange.id: index for index, exchange in enumerate(self._exchanges)}
        self._controls: dict[str, list[int]] = defaultdict(list)
        self._traversals: dict[_Page, list[int]] = defaultdict(list)
        self._queried: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, set[int]] = defaultdict(set)
        self._referring: dict[str, set[int]] = defaultdict(set)
        self._calls: dict[str, list[int]] = defaultdict(list)
        self._deletions: dict[str, list[int]] = defaultdict(list)
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
        for probe in exchange.control_of:
            self._controls[probe].append(index)
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
            self._deletions[operation.deletes.resource].append(index)
        if may_have_changed(self._contract, exchange):
            self._calls[exchange.request.path["id"]].append(index)
        if operation.pages is not None:
            self._traversals[self._page(exchange)].append(index)
            for _, value in exchange.request.query:
                self._queried[value].add(index)

    def reached(self, changes: Changes, found: Mapping[Object, Touched]) -> list[Exchange]:
        """All that a change can reach which touches the objects in ``found``."""
        kept = set(changes)
        for index, exchange in changes.items():
            for identifier in exchange.request.path.values():
                kept |= self._thinned(self._named.get(identifier, set()), [index])
            if not (self._healthy.success(index) and accepted(self._contract, exchange)):
                kept |= self._asked_alike(index, exchange)
        if any(key.id not in self._named for key in found):
            # an object that is nowhere else may be missing everywhere
            kept |= self._neighbours(changes)
        for key, about in found.items():
            kept |= self._telling_of(key, about, sorted(changes))
        return self._changed(self._completed(kept), changes)

    def whole(self, changes: Changes) -> list[Exchange]:
        """The whole history, as it is after the change."""
        return [changes.get(index, exchange) for index, exchange in enumerate(self._exchanges)]

    def _changed(self, kept: Iterable[int], changes: Changes) -> list[Exchange]:
        return [changes.get(index, self._exchanges[index]) for index in sorted(kept)]

    def _asked_alike(self, index: int, changed: Exchange) -> set[int]:
        """What tells whether an answer is about its request: its scenario, the same request, the accepted ones around it."""
        exchange = self._exchanges[index]
        kept = set(self._by_scenario[exchange.scenario])
        if _status(changed) == _status(exchange):
            return kept
        name = exchange.operation or ""
        operation = self._contract.manifest.operations.get(name)
        kept.update(self._by_url[name, exchange.request.url])
        if exchange.probe is None and operation is not None and operation.method != "GET":
            kept.update(self._by_operation[name])
        kept.update(_next_to(self._controls[name], index))
        kept.update(items[-1] for items in self._controls.values() if items)
        return kept

    def _neighbours(self, changes: Changes) -> set[int]:
        names = self._reach.neighbours(self._exchanges[index].operation for index in changes)
        return {index for name in names for index in self._by_operation[name]}

    def _telling_of(self, key: Object, about: Touched, changed: Sequence[int]) -> set[int]:
        """What shows or names an object, what it refers to, and the lists that were asked for one of its new values."""
        kept = self._named.get(key.id, set()) | self._referring.get(key.id, set())
        if not about.moved:
            kept = self._thinned(kept, changed)
        kept = kept | self._queried.get(key.id, set())
        for at in self._contract.manifest.resources[key.resource].refers.values():
            for value in about.values:
                kept |= self._named.get(str(pointer.first(value, at)), set())
        for value in about.fresh:
            kept |= self._queried.get(value, set())
        return kept

    def _thinned(self, kept: set[int], changed: Sequence[int]) -> set[int]:
        """Of the lists that show an object as ever, those next to the changes, and the last ones: the others say the same."""
        pages: dict[str, list[int]] = defaultdict(list)
        for index in sorted(kept):
            if self._is_page(index) and self._owner_of(index) is None:
                pages[self._exchanges[index].operation or ""].append(index)
        spared: set[int] = set()
        for numbers in pages.values():
            near = {index for number in changed for index in _next_to(numbers, number)}
            spared.update(index for index in numbers[:-_NEXT] if index not in near)
        return kept - spared

    def _completed(self, kept: set[int]) -> set[int]:
        """``kept`` with whole lists, their owners, the calls that may have changed their rows, and what is judged in pairs."""
        pages = [index for index in kept if self._is_page(index)]
        kept = kept | {
            item for index in pages for item in self._traversals[self._page(self._exchanges[index])]
        }
        for index in [item for item in kept if self._is_page(item)]:
            for resource in self._listed(index):
                kept.update(self._deletions.get(resource, ()))
            for identifier in self._ids[index]:
                kept.update(self._calls.get(identifier, ()))
            kept |= self._of_owner(index)
        return kept | set(self._linked(kept))

    def _of_owner(self, index: int) -> set[int]:
        """Of the page of an owner: what shows the owner, and the objects of its rows."""
        named = self._owner_of(index)
        if named is None:
            return set()
        names = {named, *self._ids[index]}
        return {item for name in names for item in self._named.get(name, ()) if not self._is_page(item)}

    def _owner_of(self, index: int) -> str | None:
        """Whose list a page is one of."""
        exchange = self._exchanges[index]
        owner = self._contract.manifest.operations[exchange.operation or ""].owner
        return None if owner is None else dict(exchange.request.query).get(owner.parameter)

    def _listed(self, index: int) -> set[str]:
        """The resources that a page shows, and whose list it may be."""
        operation = self._contract.manifest.operations[self._exchanges[index].operation or ""]
        shown = {item.resource for item in operation.success.shows}
        return shown if operation.owner is None else shown | {operation.owner.resource}

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
                yield from self._controls[exchange.probe]
                yield from self._probes[exchange.probe]
            for probe in exchange.control_of:
                yield from self._probes[probe]
            if exchange.case is not None and exchange.case.control in self._by_name:
                yield self._by_name[exchange.case.control]


def _status(exchange: Exchange) -> int | None:
    return None if exchange.response is None else exchange.response.status


def _next_to(numbers: Sequence[int], number: int) -> Sequence[int]:
    """Of sorted ``numbers`` a few before and after ``number``."""
    return numbers[max(0, bisect_left(numbers, number) - _NEXT) : bisect_right(numbers, number) + _NEXT]
