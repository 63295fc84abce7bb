"""Life cycles: whether the states of an object follow each other as documented.

A poller can miss a state, so a step is legal when the life cycle can get from one state to the other.
Two looks are ordered only if the first had ended before the second began; overlapping ones prove nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.contract.model import Lifecycle
from batchproof.judge.ledger import Ledger
from batchproof.judge.sightings import Sighting, Sightings


class Reach(NamedTuple):
    """A life cycle with its reachable states worked out."""

    lifecycle: Lifecycle
    after: dict[str, frozenset[str]]

    def knows(self, state: str | None) -> bool:
        """Whether ``state`` is documented; an unknown state is the enum's finding, a tolerated one nobody's."""
        return state in self.after


def reach(lifecycle: Lifecycle) -> Reach:
    """Every state with all states that may be seen at a later look, itself included."""
    states = {
        *lifecycle.edges,
        *lifecycle.terminal,
        *(state for after in lifecycle.edges.values() for state in after),
    }
    after: dict[str, frozenset[str]] = {}
    for state in sorted(states):
        found = {state}
        pending = [state]
        while pending:
            fresh = [item for item in lifecycle.edges.get(pending.pop(), []) if item not in found]
            found.update(fresh)
            pending.extend(fresh)
        after[state] = frozenset(found)
    return Reach(lifecycle, after)


def judge_lifecycles(contract: Contract, sightings: Sightings, ledger: Ledger) -> None:
    """Judges every object whose resource has a life cycle."""
    for name, resource in contract.manifest.resources.items():
        if resource.lifecycle is None:
            continue
        known = reach(contract.manifest.lifecycles[resource.lifecycle])
        for seen in sightings.of(name):
            _judge_object(known, resource.status or "", seen, ledger)


def _judge_object(known: Reach, status_at: str, seen: Sequence[Sighting], ledger: Ledger) -> None:
    lifecycle = known.lifecycle
    earliest: dict[str, Sighting] = {}
    for sighting in seen:
        state = sighting.status
        if state is None or not known.knows(state):
            continue
        for before, first in earliest.items():
            if first.end > sighting.start:
                continue
            terminal = before in lifecycle.terminal
            requirement = lifecycle.terminal_requirement if terminal else lifecycle.requirement
            ledger.observe(requirement)
            if state not in known.after[before]:
                ledger.contradict(
                    requirement,
                    rule="life cycle",
                    message=f"{sighting.resource} went from {before} to {state}",
                    expected="one of " + ", ".join(sorted(known.after[before])),
                    observed=state,
                    exchanges=[first.exchange, sighting.exchange],
                    pointer=sighting.at + pointer.join(pointer.parse(status_at)),
                    pattern=status_at,
                )
        earliest.setdefault(state, sighting)
