"""Which order gets most for what it costs, wherever a run is cut."""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence

from batchproof.plan.costs import Priced
from batchproof.plan.tally import Cost, Prepared

# what is shown once more may be shown in another state, of another object: how much less that is worth each time, and
# how often it is worth anything
_LESS = 4
_TIMES = 6
# a document costs money, and an object that is followed to its end is looked at again and again
_OF_A_DOCUMENT = 3
LOOKS = 25


def by_value(
    priced: Sequence[Priced],
    shown: Sequence[frozenset[str]],
    prepared: Mapping[str, Prepared],
    *,
    max_runs: int,
    free: bool,
    first: Sequence[int] = (),
) -> list[int]:
    """The places of ``priced`` in the order in which they should be driven; ``shown`` is what each can establish.

    ``free`` says that documents cost nothing, ``first`` what comes before all others.

    Each time the one comes that adds most for its cost, to which belongs what is made for it and nobody made before.
    What adds nothing comes last, the cheapest first.
    """
    choice = _Choice(priced, shown, prepared, 0 if free else _OF_A_DOCUMENT)
    large = [at for at, item in enumerate(priced) if item.is_large]
    spent = 0
    order = list(first)
    for before in first:
        spent += choice.cost(before).documents
        choice.take(before)
    while (at := choice.best()) is not None:
        coming = spent + choice.cost(at).documents
        left = [one for one in large if one not in choice.taken]
        room = max((priced[one].cost.headroom for one in left), default=0)
        room += sum(choice.cost(one).documents for one in left)
        if left and at not in left and coming + room > max_runs:
            # there is no room for them afterwards
            choice.keep(at)
            at = left[0]
        spent += choice.cost(at).documents
        choice.take(at)
        order.append(at)
    return order


class _Choice:
    def __init__(
        self,
        priced: Sequence[Priced],
        shown: Sequence[frozenset[str]],
        prepared: Mapping[str, Prepared],
        of_a_document: int,
    ) -> None:
        self.taken: set[int] = set()
        self._priced = priced
        self._prepared = prepared
        self._of_a_document = of_a_document
        numbers = {row: number for number, row in enumerate(sorted(frozenset().union(*shown)))}
        self._shown = [sum(1 << numbers[row] for row in rows) for rows in shown]
        # the rows that were shown once, twice, …
        self._seen = [0] * _TIMES
        self._made: set[str] = set()
        self._waiting: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(priced):
            for name in item.needs:
                self._waiting[name].append(at)
        self._heap = [(*self._rank(at), at) for at in range(len(priced))]
        heapq.heapify(self._heap)

    def best(self) -> int | None:
        """The one to come next, taken off. What others add only shrinks, so most of them need not be looked at."""
        while self._heap:
            *rank, at = heapq.heappop(self._heap)
            if at in self.taken:
                continue
            now = self._rank(at)
            if tuple(rank) == now or not self._heap or (*now, at) <= self._heap[0]:
                return at
            heapq.heappush(self._heap, (*now, at))
        return None

    def keep(self, at: int) -> None:
        """``at`` comes later."""
        heapq.heappush(self._heap, (*self._rank(at), at))

    def take(self, at: int) -> None:
        """``at`` comes now."""
        self.taken.add(at)
        rows = self._shown[at]
        for times, seen in enumerate(self._seen):
            self._seen[times], rows = seen | rows, seen & rows
        fresh = self._priced[at].needs - self._made
        self._made |= fresh
        for other in {other for name in fresh for other in self._waiting[name]} - self.taken:
            # it has become cheaper
            self.keep(other)

    def cost(self, at: int) -> Cost:
        """The cost of ``at`` with all that nobody made before."""
        item = self._priced[at]
        return sum((self._prepared[name].cost for name in item.needs - self._made), item.cost)

    def _rank(self, at: int) -> tuple[float, float]:
        cost = self.cost(at)
        spent = 1.0 + cost.requests + LOOKS * cost.waits + self._of_a_document * cost.documents
        value, rows = 0.0, self._shown[at]
        for times, seen in enumerate(self._seen):
            value += (rows & ~seen).bit_count() / _LESS**times
            rows &= seen
        return -value / spent, spent
