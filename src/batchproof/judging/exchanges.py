"""All exchanges that are judged together; what every rule asks of them is found once."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from batchproof.contract import Contract
from batchproof.history import Exchange
from batchproof.judging.changes import may_have_changed


class Exchanges(list[Exchange]):
    """Exchanges in order, which nobody changes any more; ``contract`` is the one that they are judged by."""

    def __init__(self, contract: Contract, exchanges: Iterable[Exchange]) -> None:
        super().__init__(exchanges)
        self._contract = contract

    def of(self, operation: str) -> list[Exchange]:
        """Those that called ``operation``."""
        return self._by_operation.get(operation, [])

    @cached_property
    def _by_operation(self) -> dict[str | None, list[Exchange]]:
        found: dict[str | None, list[Exchange]] = defaultdict(list)
        for exchange in self:
            found[exchange.operation].append(exchange)
        return dict(found)

    @cached_property
    def changes(self) -> list[Exchange]:
        """Those that may have changed the object that they name."""
        return [exchange for exchange in self if may_have_changed(self._contract, exchange)]

    @cached_property
    def changes_of(self) -> dict[str, list[Exchange]]:
        """The same by the id of the object."""
        found: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in self.changes:
            found[exchange.request.path["id"]].append(exchange)
        return dict(found)


def indexed(contract: Contract, exchanges: Iterable[Exchange]) -> Exchanges:
    """``exchanges``, which are in order, with what is known of them."""
    return exchanges if isinstance(exchanges, Exchanges) else Exchanges(contract, exchanges)
