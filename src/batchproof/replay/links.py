"""Which earlier exchange gave a request the id or page token that it carries.

Ids differ from run to run, so a request that names an object of this run can only be repeated with the object's new id.
Objects that were there before keep theirs.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.history import Exchange, has_body
from batchproof.judging.snapshots import accepted, shown_by

# shorter ids stand in other words by chance
_LONG_ENOUGH = 8

Part = Literal["path", "query", "body"]


class Place(NamedTuple):
    """A string in a request: of the path or the query by name, of the body by JSON Pointer."""

    part: Part
    at: str


class Link(NamedTuple):
    """A string of a request that the response of the exchange ``giver`` gave at ``given_at`` (a JSON Pointer).

    In a path, text may stand ``before`` and ``after`` it: an id that was made longer, say.
    """

    place: Place
    giver: str
    given_at: str
    before: str = ""
    after: str = ""


class _Need(NamedTuple):
    """A string of a request in which ``given`` stands, which earlier responses gave."""

    place: Place
    given: str
    before: str
    after: str


class Links:
    """The links between the exchanges of one history."""

    def __init__(self, contract: Contract, exchanges: Sequence[Exchange]) -> None:
        """``exchanges`` are in order."""
        self._given: dict[str, list[tuple[Exchange, str]]] = {}
        self._needed: dict[str, list[_Need]] = {}
        self._contract = contract
        self._discovered: dict[str, str] = {}
        for exchange in exchanges:
            self._discover(exchange)
            self._needed[exchange.id] = list(self._needs(exchange))
            for value, at in self._gives(exchange):
                self._given.setdefault(value, []).append((exchange, at))

    def fixtures_of(self, exchange: Exchange) -> list[tuple[Place, str]]:
        """The strings of a request that are the first value of a fixture which this run discovered, with its name."""
        return [
            (place, self._discovered[value])
            for place, value in _strings(exchange)
            if value in self._discovered
        ]

    def of(self, exchange: Exchange, among: Iterable[str]) -> list[Link]:
        """The links of one exchange, from exchanges that are ``among`` the ids where there is a choice."""
        kept = among if isinstance(among, Mapping) else set(among)
        return [self._link(exchange, need, kept) for need in self._needed.get(exchange.id, [])]

    def closed(self, exchanges: Iterable[Exchange], known: dict[str, Exchange]) -> list[Exchange]:
        """``exchanges`` with all that their requests depend on, in the order of ``known``."""
        kept = {exchange.id: exchange for exchange in exchanges}
        pending = list(kept.values())
        while pending:
            exchange = pending.pop()
            for link in self.of(exchange, kept):
                if link.giver not in kept:
                    kept[link.giver] = known[link.giver]
                    pending.append(known[link.giver])
        return [exchange for identifier, exchange in known.items() if identifier in kept]

    def _link(self, exchange: Exchange, need: "_Need", kept: Container[str]) -> Link:
        choice = [(giver.id, at) for giver, at in self._given[need.given] if giver.end <= exchange.start]
        giver, at = next(((giver, at) for giver, at in choice if giver in kept), choice[0])
        return Link(need.place, giver, at, need.before, need.after)

    def _needs(self, exchange: Exchange) -> Iterator["_Need"]:
        """The strings of the request that this run was given before."""
        for place, value in filter(lambda item: item[1], _strings(exchange)):
            for given in self._parts(place, value):
                if any(giver.end <= exchange.start for giver, _ in self._given.get(given, [])):
                    before, _, after = value.partition(given)
                    yield _Need(place, given, before, after)

    def _parts(self, place: Place, value: str) -> Iterator[str]:
        """What a string may have been made from: itself, or the longest given string in a path that is made up."""
        if value in self._given or place.part != "path":
            yield value
            return
        inside = [given for given in self._given if len(given) >= _LONG_ENOUGH and given in value]
        yield from sorted(inside, key=len)[-1:]

    def _discover(self, exchange: Exchange) -> None:
        if exchange.response is None or not accepted(self._contract, exchange):
            return
        for name, fixture in self._contract.manifest.fixtures.items():
            if fixture.discover is not None and fixture.discover.operation == exchange.operation:
                value = pointer.first(exchange.response.body, fixture.discover.at)
                if isinstance(value, str) and name not in self._discovered.values():
                    self._discovered[value] = name

    def _gives(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """Ids of objects that this run made, and page tokens, each with its place in the response."""
        if exchange.response is None or not accepted(self._contract, exchange):
            return
        operation = self._contract.operation(exchange.operation or "")
        if operation.pages is not None:
            token = pointer.first(exchange.response.body, operation.pages.next)
            if isinstance(token, str) and token:
                yield token, operation.pages.next
        if operation.creates is None and not self._belongs(exchange):
            return
        for seen in shown_by(self._contract, exchange):
            if seen.id:
                yield seen.id, seen.at + self._contract.resources[seen.resource].id

    def _belongs(self, exchange: Exchange) -> bool:
        """Whether what a read or a list shows belongs to an object that this run made."""
        operation = self._contract.operation(exchange.operation or "")
        owned = operation.owner.parameter if operation.owner is not None else None
        return any(
            need.place.part == "path" or need.place == Place("query", owned or "")
            for need in self._needed[exchange.id]
        )


def _strings(exchange: Exchange) -> Iterator[tuple[Place, str]]:
    request = exchange.request
    for name, value in request.path.items():
        yield Place("path", name), value
    for name, value in request.query:
        yield Place("query", name), value
    if has_body(request):
        for at, value in _leaves(request.body, ""):
            yield Place("body", at), value


def _leaves(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _leaves(child, at + pointer.join([name]))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from _leaves(child, f"{at}/{number}")
