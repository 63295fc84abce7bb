"""Life cycles: whether the states of an object follow each other as documented.

A poller can miss a state, so a step is legal when the life cycle can get from one state to the other.
Two looks are ordered only if the first had ended before the second began; overlapping ones prove nothing, and neither
does another view that is a moment behind (``grace.py``).
"""

from collections.abc import Sequence
from functools import partial

from batchproof.contract import Contract, pointer
from batchproof.contract.reach import Reach, reach
from batchproof.judging.evidence import Evidence
from batchproof.judging.grace import follows
from batchproof.judging.results import Shown
from batchproof.judging.snapshots import Snapshot, Snapshots
from batchproof.judging.words import Worded
from batchproof.judging.words.values import any_of, cut, described


def judge_lifecycles(contract: Contract, snapshots: Snapshots, evidence: Evidence) -> None:
    """Judges every object whose resource has a life cycle."""
    for name, resource in contract.manifest.resources.items():
        if resource.lifecycle is None:
            continue
        known = reach(contract.manifest.lifecycles[resource.lifecycle])
        for seen in snapshots.of(name):
            _judge_object(known, resource.status or "", seen, evidence)


def _judge_object(known: Reach, status_at: str, seen: Sequence[Snapshot], evidence: Evidence) -> None:
    lifecycle = known.lifecycle
    # the first look at each state by each operation: what another view cannot tell yet, the same one can
    earliest: dict[str, dict[str | None, Snapshot]] = {}
    for snapshot in seen:
        state = snapshot.status
        if state is None:
            continue
        for before, looks in earliest.items():
            first = next(
                (
                    look
                    for look in looks.values()
                    if follows(snapshot.exchange, look.exchange, snapshot.as_of)
                ),
                None,
            )
            terminal = before in lifecycle.terminal
            requirement = lifecycle.terminal_requirement if terminal else lifecycle.requirement
            # between other states an unknown one is the enum's finding alone; an end is left for any other
            if first is None or requirement is None or not (terminal or known.knows(state)):
                continue
            evidence.observe(requirement)
            if state not in known.after[before]:
                evidence.contradict(
                    requirement,
                    rule="life cycle",
                    message=f"{snapshot.resource} went from {before} to {state}",
                    expected="one of " + ", ".join(sorted(known.after[before])),
                    observed=state,
                    exchanges=[first.exchange, snapshot.exchange],
                    pointer=snapshot.at + pointer.join(pointer.parse(status_at)),
                    pattern=status_at,
                    words=partial(_stepped, first, snapshot, before, known),
                )
        if known.knows(state):
            earliest.setdefault(state, {}).setdefault(snapshot.exchange.operation, snapshot)


def _stepped(first: Snapshot, later: Snapshot, before: str, known: Reach) -> Worded:
    name = f"{later.resource} {cut(later.id)}"
    back = " back" if before in known.after.get(str(later.status), ()) else ""
    end = ", which is an end," if before in known.lifecycle.terminal else ""
    looks = [
        Shown(text=f"{name} was {described(before)}", exchange=first.exchange.id),
        Shown(text=described(later.status), exchange=later.exchange.id),
    ]
    follow = any_of([described(state) for state in known.lifecycle.edges.get(before, ())])
    allowed = f"; documented: {follow}" if follow and not end else ""
    headline = (
        f"{later.resource}: went{back} from {described(before)}{end} to {described(later.status)}{allowed}"
    )
    return Worded(headline, looks)
