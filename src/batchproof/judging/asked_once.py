"""The conditions of invariants that speak about the same cases: many invariants want the same, and neighbouring cases share values."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from batchproof.contract.expressions import Bindings, Expression, Part

_NOTHING = object()


class Wanted:
    """What invariants want to be true before they say anything: a tree, in which they share what several of them want."""

    def __init__(self, conditions: Sequence[Expression | None]) -> None:
        """``conditions`` are those of the invariants; an invariant without one always speaks."""
        parts = [() if condition is None else condition.parts for condition in conditions]
        often = Counter(part.text for of_invariant in parts for part in of_invariant)
        kinds = {part.text: part for of_invariant in parts for part in of_invariant}
        places = {text: at for at, text in enumerate(kinds)}
        self.parts: list[Part] = list(kinds.values())
        self.root = Branch()
        for invariant, of_invariant in enumerate(parts):
            branch = self.root
            # what most invariants want comes first, in an order that is the same for all
            for text in sorted({part.text for part in of_invariant}, key=lambda text: (-often[text], text)):
                branch = branch.below.setdefault(places[text], Branch())
            branch.invariants.append(invariant)


class Branch:
    """The invariants that want nothing more, and by condition those that want more."""

    def __init__(self) -> None:
        self.invariants: list[int] = []
        self.below: dict[int, Branch] = {}


class AskedOnce:
    """Which invariants speak about a case: each condition is asked once, and only where the others of an invariant are true.

    What is said of a single variable holds as long as that has the very same value: the rows of a page share their query.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._root = wanted.root
        self._parts = wanted.parts
        self._names = [
            next(iter(part.variables)) if len(part.variables) == 1 else None for part in self._parts
        ]
        self._about: list[Any] = [_NOTHING] * len(self._parts)
        self._said = [False] * len(self._parts)

    def speaking(self, bindings: Bindings) -> Iterator[int]:
        """The places of the invariants whose conditions are all true for these values."""
        known: dict[int, bool] = {}
        pending = [self._root]
        while pending:
            branch = pending.pop()
            yield from branch.invariants
            for at, below in branch.below.items():
                said = known.get(at)
                if said is None:
                    said = known[at] = self._is_true(at, bindings)
                if said:
                    pending.append(below)

    def _is_true(self, at: int, bindings: Bindings) -> bool:
        name = self._names[at]
        if name is None:
            return self._parts[at].is_true(bindings)
        value = bindings.environment.get(name, _NOTHING)
        if value is _NOTHING or value is not self._about[at]:
            self._about[at] = value
            self._said[at] = self._parts[at].is_true(bindings)
        return self._said[at]
