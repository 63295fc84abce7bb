"""Which states of a life cycle can be seen after which."""

from typing import NamedTuple

from batchproof.contract.model import Lifecycle


class Reach(NamedTuple):
    """A life cycle with its reachable states worked out."""

    lifecycle: Lifecycle
    after: dict[str, frozenset[str]]

    def knows(self, state: str | None) -> bool:
        """Whether ``state`` is documented; an unknown state is the enum's finding, a tolerated one nobody's."""
        return state in self.after

    @property
    def orders(self) -> bool:
        """Whether some step before the end is wrong."""
        return any(
            after != frozenset(self.after)
            for state, after in self.after.items()
            if state not in self.lifecycle.terminal
        )


def states_of(lifecycle: Lifecycle) -> list[str]:
    """Every state that a life cycle names, once, in the order in which it names them."""
    after = [state for states in lifecycle.edges.values() for state in states]
    return list(dict.fromkeys([*lifecycle.edges, *after, *lifecycle.terminal]))


def reach(lifecycle: Lifecycle) -> Reach:
    """Every state with all states that may be seen at a later look, itself included."""
    after: dict[str, frozenset[str]] = {}
    for state in sorted(states_of(lifecycle)):
        found = {state}
        pending = [state]
        while pending:
            fresh = [item for item in lifecycle.edges.get(pending.pop(), []) if item not in found]
            found.update(fresh)
            pending.extend(fresh)
        after[state] = frozenset(found)
    return Reach(lifecycle, after)
