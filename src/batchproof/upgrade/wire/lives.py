"""The lives of the objects that a recorded run created: which status was seen when."""

from itertools import pairwise
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.history import Exchange, History
from batchproof.upgrade.wire.owned import shown
from batchproof.upgrade.wire.steps import scenarios


class Look(NamedTuple):
    """A status that was seen at some moment between the seconds ``start`` and ``end``."""

    status: str
    start: float
    end: float


class Life(NamedTuple):
    """The looks at an object, in the order in which they were sent, and the exchange that created it."""

    resource: str
    operation: str
    created_by: str
    looks: tuple[Look, ...]

    @property
    def statuses(self) -> frozenset[str]:
        """Every status that was seen."""
        return frozenset(look.status for look in self.looks)

    @property
    def first(self) -> str:
        """The status that the answer to the creation showed."""
        return self.looks[0].status

    @property
    def last(self) -> str:
        """The status that was seen last."""
        return self.looks[-1].status

    def lasted(self, status: str) -> float:
        """For how many seconds at least the object stood in ``status``."""
        seen = [look for look in self.looks if look.status == status]
        return max(0.0, seen[-1].start - seen[0].end) if seen else 0.0

    @property
    def longest_gap(self) -> float:
        """For how many seconds at most the object may have stood in a status that nobody saw."""
        changes = (two.end - one.start for one, two in pairwise(self.looks) if one.status != two.status)
        return max([self.looks[0].end - self.looks[0].start, *changes])

    def renamed(self, names: dict[str, str]) -> "Life":
        """The same, with the statuses by the names that they have now."""
        return self._replace(
            looks=tuple(look._replace(status=names.get(look.status, look.status)) for look in self.looks)
        )


# a scenario, and the number of the creation in it
Key = tuple[str, int]


def lives(contract: Contract, history: History) -> dict[Key, list[Life]]:
    """The lives of what each creation of each scenario created; details show them, lists may be behind."""
    found: dict[Key, list[Life]] = {}
    for scenario, exchanges in scenarios(history).items():
        found |= {(scenario, number): made for number, made in enumerate(_of(contract, exchanges))}
    return found


def _of(contract: Contract, exchanges: list[Exchange]) -> list[list[Life]]:
    made: list[list[str]] = []
    by_id: dict[str, Life] = {}
    for exchange in exchanges:
        operation = contract.operations.get(exchange.operation or "")
        if operation is None or operation.pages is not None:
            continue
        created: list[str] = []
        for identifier, resource, status in shown(contract, exchange):
            if status is None or contract.resources[resource].lifecycle is None:
                continue
            look = Look(status, exchange.start, exchange.end)
            if identifier in by_id:
                life = by_id[identifier]
                by_id[identifier] = life._replace(looks=(*life.looks, look))
            elif operation.creates is not None:
                by_id[identifier] = Life(resource, exchange.operation or "", exchange.id, (look,))
                created.append(identifier)
        if created:
            made.append(created)
    return [[by_id[identifier] for identifier in each] for each in made]
