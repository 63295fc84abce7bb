"""Where the answers of a history show something that the contract documents."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.history import Exchange, has_body
from batchproof.judging.snapshots import accepted, in_order

from .documented import Property, properties
from .paths import below

BODY = "body"
ERROR = "error"


class Look(NamedTuple):
    """One documented object, body or error body in the answer of the exchange with this ``number``.

    ``at`` is the pointer to it in the body; ``properties`` are documented below it.
    """

    number: int
    operation: str
    view: str
    resource: str
    id: str
    state: str
    at: str
    value: Any
    properties: tuple[Property, ...]


class Healthy:
    """The history of a healthy run, with everything that it shows."""

    def __init__(self, contract: Contract, exchanges: Iterable[Exchange], started_at: str) -> None:
        """``exchanges`` may come in any order; ``started_at`` is when the run began."""
        self.contract = contract
        self.started_at = started_at
        self.exchanges = in_order(exchanges)
        self._documented: dict[str, list[Property]] = {}

    @cached_property
    def looks(self) -> list[Look]:
        """Every look, in the order of the exchanges."""
        return [look for index in range(len(self.exchanges)) for look in self.of(index)]

    @cached_property
    def by_object(self) -> dict[tuple[str, str], list[Look]]:
        """The looks at each object."""
        found: dict[tuple[str, str], list[Look]] = defaultdict(list)
        for look in self.looks:
            if look.id:
                found[look.resource, look.id].append(look)
        return dict(found)

    @cached_property
    def created(self) -> set[tuple[str, str]]:
        """The objects that this run made."""
        operations = self.contract.manifest.operations
        return {
            (look.resource, look.id)
            for look in self.looks
            if look.id and operations[look.operation].creates == look.resource
        }

    def of_number(self, index: int) -> list[Look]:
        """The looks at objects in the exchange with this number."""
        return self._by_number.get(index, [])

    @cached_property
    def _by_number(self) -> dict[int, list[Look]]:
        found: dict[int, list[Look]] = defaultdict(list)
        for look in self.looks:
            if look.id:
                found[look.number].append(look)
        return dict(found)

    def size(self, index: int) -> int:
        """How many objects the answer shows."""
        return self._sizes[index]

    @cached_property
    def _sizes(self) -> Counter[int]:
        return Counter(look.number for look in self.looks)

    def success(self, index: int) -> bool:
        """Whether the exchange was answered as its operation documents a success."""
        return accepted(self.contract, self.exchanges[index])

    def documented(self, file: str) -> list[Property]:
        """The properties of a schema."""
        if file not in self._documented:
            self._documented[file] = properties(self.contract, file)
        return self._documented[file]

    def of(self, index: int) -> Iterator[Look]:
        """The looks of one exchange."""
        exchange = self.exchanges[index]
        response = exchange.response
        if exchange.operation is None or response is None or not has_body(response):
            return
        operation = self.contract.manifest.operations[exchange.operation]
        if response.status in operation.errors.statuses:
            known = tuple(self.documented(self.contract.manifest.error))
            yield Look(
                index, exchange.operation, ERROR, "", "", str(response.status), "", response.body, known
            )
        if not self.success(index):
            return
        known = tuple(self.documented(operation.success.schema))
        views = sorted(operation.success.shows, key=lambda shown: -len(shown.at))
        taken: set[str] = set()
        for shown in views:
            resource = self.contract.manifest.resources[shown.resource]
            inside = {item.at: below(item.at, shown.at) for item in known if item.at not in taken}
            taken |= {at for at, relative in inside.items() if relative is not None}
            own = tuple(
                item._replace(at=relative) for item in known if (relative := inside.get(item.at)) is not None
            )
            for at, value in pointer.find(response.body, shown.at):
                identifier = pointer.first(value, resource.id)
                state = pointer.first(value, resource.status) if resource.status is not None else "-"
                yield Look(
                    index,
                    exchange.operation,
                    shown.view,
                    shown.resource,
                    identifier if isinstance(identifier, str) else "",
                    state if isinstance(state, str) else "-",
                    at,
                    value,
                    own,
                )
        rest = tuple(item for item in known if item.at not in taken)
        if rest:
            yield Look(index, exchange.operation, BODY, "", "", "-", "", response.body, rest)
