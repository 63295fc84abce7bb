"""Life cycles as pictures: the documented states in columns, the steps between them with how often each was seen.

Only where things stand is worked out here; the template draws them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Lifecycle
from batchproof.judging import Results
from batchproof.judging.results import LifecycleSeen
from batchproof.judging.snapshots import accepted, shown_by
from batchproof.report.html.lifelines import leads_nowhere
from batchproof.report.html.records import Records

_WIDTH, _HEIGHT = 124, 34
_ACROSS, _DOWN = 206, 62
_EDGE = 14
_ARC = 34
_BETWEEN_ARCS = 22
_TIMES = "\N{MULTIPLICATION SIGN}"

Step = tuple[str, str]


class Node(NamedTuple):
    """A state. ``kind`` is ``between``, ``end``, or ``unknown`` for one that no page names."""

    x: float
    y: float
    name: str
    kind: str


class Arrow(NamedTuple):
    """A step. ``kind`` is ``seen``, ``unseen`` or ``illegal``; ``path`` is that of SVG, and the label stands at ``x``, ``y``."""

    path: str
    x: float
    y: float
    label: str
    kind: str
    before: str
    after: str


class Picture(NamedTuple):
    """One life cycle, drawn. ``longer`` are steps over states that nobody looked at, in words."""

    name: str
    width: float
    height: float
    nodes: list[Node]
    arrows: list[Arrow]
    longer: list[str]
    tolerated: list[str]
    words: str

    @property
    def illegal(self) -> bool:
        """Whether it shows an illegal step."""
        return any(arrow.kind == "illegal" for arrow in self.arrows)


def pictures(contract: Contract, results: Results, records: Records) -> list[Picture]:
    """A picture of every life cycle that the results tell of and that has steps."""
    return [
        _picture(lifecycle, seen, _illegal(contract, lifecycle, results, records))
        for seen in results.transitions
        if (lifecycle := contract.lifecycles.get(seen.lifecycle)) is not None and seen.edges
    ]


def _illegal(contract: Contract, lifecycle: Lifecycle, results: Results, records: Records) -> Counter[Step]:
    """The illegal steps that findings show, as often as they were counted; 0 where nobody knows."""
    described = {lifecycle.requirement, lifecycle.terminal_requirement}
    found: Counter[Step] = Counter()
    for row in results.requirements:
        for finding in row.findings if row.id in described else ():
            if finding.blame == "server" and not finding.unstable:
                steps = set(_steps(contract, lifecycle, finding.exchanges, records))
                # one finding may hold several; how often each of them was seen is then open
                found.update({step: finding.count if len(steps) == 1 else 0 for step in steps})
    return found


def _steps(
    contract: Contract, lifecycle: Lifecycle, exchanges: Sequence[str], records: Records
) -> Iterator[Step]:
    statuses: dict[tuple[str, str], list[str]] = {}
    for exchange in records.exchanges(exchanges):
        for look in shown_by(contract, exchange) if accepted(contract, exchange) else ():
            if contract.resources[look.resource].lifecycle is lifecycle and look.status is not None:
                statuses.setdefault((look.resource, look.id), []).append(look.status)
    for seen in statuses.values():
        yield from (
            (before, after) for before, after in pairwise(seen) if leads_nowhere(lifecycle, before, after)
        )


def _picture(lifecycle: Lifecycle, seen: LifecycleSeen, illegal: Counter[Step]) -> Picture:
    states = lifecycle.states
    unknown = [state for state in dict.fromkeys(after for _, after in illegal) if state not in states]
    columns = _columns(lifecycle, states)
    if unknown:
        columns.append(unknown)
    above = sum(_is_long(columns, (edge.before, edge.after)) for edge in seen.edges)
    top = _EDGE + (_ARC + _BETWEEN_ARCS * above if above else 0)
    tallest = max(map(len, columns)) * _DOWN
    nodes = {
        state: Node(
            x=_EDGE + number * _ACROSS,
            y=top + (tallest - len(column) * _DOWN) / 2 + place * _DOWN + (_DOWN - _HEIGHT) / 2,
            name=state,
            kind="unknown" if state in unknown else "end" if state in lifecycle.terminal else "between",
        )
        for number, column in enumerate(columns)
        for place, state in enumerate(column)
    }
    drawing = _Drawing(nodes, columns, bottom=top + tallest)
    arrows = [
        drawing.arrow(
            (edge.before, edge.after),
            f"{edge.seen}{_TIMES}",
            "seen" if edge.seen else "unseen",
        )
        for edge in seen.edges
    ]
    arrows += [
        drawing.arrow(step, f"✗ {count}{_TIMES}" if count else "✗", "illegal")
        for step, count in illegal.items()
    ]
    return Picture(
        name=seen.lifecycle,
        width=drawing.right + _EDGE,
        height=drawing.bottom + _EDGE,
        nodes=list(nodes.values()),
        arrows=arrows,
        longer=[f"{edge.before} → {edge.after} ({edge.seen}{_TIMES})" for edge in seen.longer],
        tolerated=list(lifecycle.tolerated),
        words="; ".join(
            f"{arrow.before} to {arrow.after}: {'illegal, ' if arrow.kind == 'illegal' else ''}{arrow.label}"
            for arrow in arrows
        ),
    )


def _columns(lifecycle: Lifecycle, states: Sequence[str]) -> list[list[str]]:
    """The states by the length of the longest way to each, steps back left out."""
    forward = _forward(lifecycle, states)
    rank = dict.fromkeys(states, 0)
    for _ in states:
        for before, after in forward:
            rank[after] = max(rank[after], rank[before] + 1)
    return [[state for state in states if rank[state] == number] for number in range(max(rank.values()) + 1)]


def _forward(lifecycle: Lifecycle, states: Sequence[str]) -> list[Step]:
    """The steps that lead to no state from which the way came."""
    found: list[Step] = []
    done: set[str] = set()

    def follow(state: str, way: frozenset[str]) -> None:
        for after in lifecycle.edges.get(state, []):
            if after in way:
                continue
            found.append((state, after))
            if after not in done:
                follow(after, way | {after})
        done.add(state)

    for state in states:
        if state not in done:
            follow(state, frozenset({state}))
    return found


def _number(columns: Sequence[Sequence[str]], state: str) -> int:
    return next(number for number, column in enumerate(columns) if state in column)


def _is_long(columns: Sequence[Sequence[str]], step: Step) -> bool:
    return _number(columns, step[1]) - _number(columns, step[0]) > 1


class _Drawing:
    """Draws steps: to the next column straight on, over columns above everything, back below everything."""

    def __init__(self, nodes: Mapping[str, Node], columns: Sequence[Sequence[str]], bottom: float) -> None:
        self._nodes = nodes
        self._columns = columns
        self.bottom = self._floor = bottom
        self._above = 0
        self._below = 0
        self.right = max(node.x for node in nodes.values()) + _WIDTH

    def arrow(self, step: Step, label: str, kind: str) -> Arrow:
        one, other = (self._nodes[state] for state in step)
        across = _number(self._columns, step[1]) - _number(self._columns, step[0])
        if across == 1:
            x, y = one.x + _WIDTH, one.y + _HEIGHT / 2
            to_x, to_y = other.x - 4, other.y + _HEIGHT / 2
            middle = (x + to_x) / 2
            path = f"M{x:g} {y:g}C{middle:g} {y:g} {middle:g} {to_y:g} {to_x:g} {to_y:g}"
            # two thirds on, where arrows that began together are apart
            return Arrow(path, _third(x, middle, middle, to_x), _third(y, y, to_y, to_y), label, kind, *step)
        if across > 1:
            level = _EDGE + self._above * _BETWEEN_ARCS
            self._above += 1
            begin, end = (one.x + _WIDTH / 2, one.y), (other.x + _WIDTH / 2, other.y - 4)
        else:
            return self._back(one, other, label, kind)
        path = f"M{begin[0]:g} {begin[1]:g}C{begin[0]:g} {level:g} {end[0]:g} {level:g} {end[0]:g} {end[1]:g}"
        middle = (begin[0] + end[0]) / 2
        return Arrow(path, middle, (begin[1] + end[1]) / 8 + level * 0.75, label, kind, *step)

    def _back(self, one: Node, other: Node, label: str, kind: str) -> Arrow:
        """Out at the right, down, and in from below: past the states that stand under the first one."""
        level = self._floor + _ARC / 2 + self._below * _BETWEEN_ARCS
        out = one.x + _WIDTH + _EDGE + self._below * _EDGE
        into = other.x + _WIDTH / 2 + self._below * _EDGE
        self._below += 1
        self.bottom, self.right = level, max(self.right, out)
        path = f"M{one.x + _WIDTH:g} {one.y + _HEIGHT / 2:g}H{out:g}V{level:g}H{into:g}V{other.y + _HEIGHT + 4:g}"
        return Arrow(path, (out + into) / 2, level, label, kind, one.name, other.name)


def _third(one: float, two: float, three: float, four: float) -> float:
    """A coordinate of a cubic curve, two thirds on."""
    return (one + 6 * two + 12 * three + 8 * four) / 27
