"""Life cycles: whether the states of an object follow each other as documented.

A poller can miss a state, so a step is legal when the life cycle can get from one state to the other.
Two looks are ordered only if the first had ended before the second began; overlapping ones prove nothing, and neither
does another view that is a moment behind (``grace.py``).
"""

from collections.abc import Sequence
from functools import partial

from batchproof.contract import Contract, pointer
from batchproof.contract.reach import Reach, reach
from batchproof.judge.grace import follows
from batchproof.judge.ledger import Ledger
from batchproof.judge.results import Shown
from batchproof.judge.sightings import Sighting, Sightings
from batchproof.judge.words import Worded
from batchproof.judge.words.values import any_of, cut, told


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
    # the first look at each state by each operation: what another view cannot tell yet, the same one can
    earliest: dict[str, dict[str | None, Sighting]] = {}
    for sighting in seen:
        state = sighting.status
        if state is None:
            continue
        for before, looks in earliest.items():
            first = next(
                (
                    look
                    for look in looks.values()
                    if follows(sighting.exchange, look.exchange, sighting.as_of)
                ),
                None,
            )
            terminal = before in lifecycle.terminal
            requirement = lifecycle.terminal_requirement if terminal else lifecycle.requirement
            # between other states an unknown one is the enum's finding alone; an end is left for any other
            if first is None or requirement is None or not (terminal or known.knows(state)):
                continue
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
                    words=partial(_stepped, first, sighting, before, known),
                )
        if known.knows(state):
            earliest.setdefault(state, {}).setdefault(sighting.exchange.operation, sighting)


def _stepped(first: Sighting, later: Sighting, before: str, known: Reach) -> Worded:
    name = f"{later.resource} {cut(later.id)}"
    back = " back" if before in known.after.get(str(later.status), ()) else ""
    end = ", which is an end," if before in known.lifecycle.terminal else ""
    looks = [
        Shown(text=f"{name} was {told(before)}", exchange=first.exchange.id),
        Shown(text=told(later.status), exchange=later.exchange.id),
    ]
    follow = any_of([told(state) for state in known.lifecycle.edges.get(before, ())])
    allowed = f"; documented: {follow}" if follow and not end else ""
    headline = f"{later.resource}: went{back} from {told(before)}{end} to {told(later.status)}{allowed}"
    return Worded(headline, looks)
