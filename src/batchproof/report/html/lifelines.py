"""The events of a finding as lanes: time runs to the right, one lane for each object, looks as ticks, statuses as segments.

Only where things stand is worked out here; the template draws them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.reach import Reach, reach
from batchproof.history import Delivery, Exchange
from batchproof.judge.sightings import Sighting, accepted, shown_by
from batchproof.report.html.records import began
from batchproof.report.printable import short

_LABELS = 150
_STEP, _LONGEST_STEP = 92, 190
_HEAD, _LANE, _FOOT = 46, 46, 10
_LAST = 30
_THINNEST = 6
_MOST_LANES = 6
_LONGEST_NAME = 20
_PER_SECOND = 40


class Column(NamedTuple):
    """One event on the axis. ``number`` is that in the list of events; ``wrong`` says that the finding shows there."""

    x: float
    number: int
    at: str
    wrong: bool


class Look(NamedTuple):
    """A tick: an object as one answer showed it, or a request that showed none."""

    x: float
    width: float
    text: str
    wrong: bool


class Segment(NamedTuple):
    """What lies between two looks. ``illegal`` says that no life cycle leads from the one to the other."""

    x: float
    width: float
    changed: bool
    illegal: bool


class Lane(NamedTuple):
    """The looks at one object. ``kind`` is ``object``, ``request`` or ``delivery``."""

    y: float
    name: str
    about: str
    kind: str
    looks: list[Look]
    segments: list[Segment]


class Lifeline(NamedTuple):
    """A drawing and the same in words; ``more`` is how many objects have no lane."""

    width: float
    height: float
    columns: list[Column]
    lanes: list[Lane]
    words: str
    more: int

    @property
    def illegal(self) -> bool:
        """Whether it shows an illegal step."""
        return any(segment.illegal for lane in self.lanes for segment in lane.segments)


def lifeline(
    contract: Contract, events: Sequence[Exchange | Delivery], pointer: str, wrong: Sequence[str]
) -> Lifeline | None:
    """The life line of ``events``, which are in order; None where there are too few to draw one.

    ``pointer`` is where the finding stands, in one of those that are ``wrong``.
    """
    if len(events) < 2:
        return None
    axis = _Axis(events)
    marked = {item.id for item in events if item.id in wrong} or {events[-1].id}
    # the last one is where it shows; what came before is what it is compared with
    last = next(item.id for item in reversed(events) if item.id in marked)
    objects = _objects(contract, events)
    chosen = _chosen(objects, pointer, last)
    shown = {look.exchange.id for key in chosen for look in objects[key]}
    lanes: list[Lane] = []
    for key in chosen:
        lanes.append(_lane(contract, axis, objects[key], _y(lanes), last))
    others = [item for item in events if isinstance(item, Exchange) and item.id not in shown]
    if others:
        lanes.append(Lane(_y(lanes), "requests", "", "request", [axis.look(item, _outcome(item), last) for item in others], []))
    deliveries = [item for item in events if isinstance(item, Delivery)]
    if deliveries:
        flags = [axis.look(item, "event", last) for item in deliveries]
        lanes.append(Lane(_y(lanes), "webhooks", "", "delivery", flags, []))
    return Lifeline(
        width=axis.width,
        height=_y(lanes) + _FOOT,
        columns=[
            Column(axis.at(began(item)), number, f"+{began(item) - began(events[0]):.1f} s", item.id == last)
            for number, item in enumerate(events, start=1)
        ],
        lanes=lanes,
        words="; ".join(_in_words(lanes)),
        more=len(objects) - len(chosen),
    )


def _y(lanes: Sequence[Lane]) -> float:
    return _HEAD + _LANE * len(lanes)


class _Axis:
    """Seconds as places. Order and overlap are true; pauses are shortened."""

    def __init__(self, events: Sequence[Exchange | Delivery]) -> None:
        self._anchors: list[tuple[float, float]] = []
        for item in events:
            x = float(_LABELS)
            if self._anchors:
                second, before = self._anchors[-1]
                x = before + min(max(_STEP, (began(item) - second) * _PER_SECOND), _LONGEST_STEP)
            self._anchors.append((began(item), x))
        self.width = self._anchors[-1][1] + _STEP

    def at(self, second: float) -> float:
        for number, (begins, x) in reversed(list(enumerate(self._anchors))):
            if second < begins:
                continue
            if number + 1 == len(self._anchors):
                return x + min((second - begins) * _PER_SECOND, _LAST)
            ends, after = self._anchors[number + 1]
            return x + (after - x) * (second - begins) / (ends - begins) if ends > begins else x
        return self._anchors[0][1]

    def look(self, item: Exchange | Delivery, text: str, wrong: str) -> Look:
        x = self.at(began(item))
        ends = self.at(item.end) if isinstance(item, Exchange) else x
        return Look(x, max(ends - x, _THINNEST), text, item.id == wrong)


def _objects(
    contract: Contract, events: Sequence[Exchange | Delivery]
) -> dict[tuple[str, str], list[Sighting]]:
    """The looks at every object, each exchange once."""
    found: dict[tuple[str, str], list[Sighting]] = defaultdict(list)
    for item in events:
        if isinstance(item, Exchange) and accepted(contract, item):
            for sighting in shown_by(contract, item):
                looks = found[sighting.resource, sighting.id]
                if not looks or looks[-1].exchange.id != item.id:
                    looks.append(sighting)
    return dict(found)


def _chosen(
    objects: dict[tuple[str, str], list[Sighting]], pointer: str, last: str
) -> list[tuple[str, str]]:
    """The objects that the finding is about: what it points into, then what was looked at most often."""

    def worth(key: tuple[str, str]) -> tuple[bool, int]:
        pointed_at = any(look.exchange.id == last and f"{pointer}/".startswith(f"{look.at}/") for look in objects[key])
        return pointed_at, len(objects[key])

    ranked = sorted(objects, key=worth, reverse=True)[:_MOST_LANES]
    # as they came, so that a batch stands above its runs
    return [key for key in objects if key in ranked]


def _lane(contract: Contract, axis: _Axis, looks: Sequence[Sighting], y: float, last: str) -> Lane:
    known = _reach(contract, looks[0].resource)
    ticks = [axis.look(look.exchange, look.status or "seen", last) for look in looks]
    segments = [
        Segment(
            x=one.x + one.width,
            width=max(other.x - one.x - one.width, 0),
            changed=before.status != after.status,
            illegal=leads_nowhere(known, before.status, after.status),
        )
        for (one, other), (before, after) in zip(
            zip(ticks, ticks[1:], strict=False), zip(looks, looks[1:], strict=False), strict=True
        )
    ]
    return Lane(y, looks[0].resource, short(looks[0].id, _LONGEST_NAME), "object", ticks, segments)


def _reach(contract: Contract, resource: str) -> Reach | None:
    name = contract.manifest.resources[resource].lifecycle
    return None if name is None else reach(contract.manifest.lifecycles[name])


def leads_nowhere(known: Reach | None, before: str | None, after: str | None) -> bool:
    """Whether no documented way leads from the one status to the other."""
    if known is None or before is None or after is None or before not in known.after:
        return False
    return after not in known.after[before] and (known.knows(after) or before in known.lifecycle.terminal)


def _outcome(exchange: Exchange) -> str:
    if exchange.response is not None:
        return str(exchange.response.status)
    return "no answer" if exchange.failure is None else exchange.failure.kind.replace("_", " ")


def _in_words(lanes: Sequence[Lane]) -> Iterator[str]:
    for lane in lanes:
        steps = ", then ".join(look.text for look in lane.looks)
        wrong = " (an illegal step)" if any(segment.illegal for segment in lane.segments) else ""
        yield f"{lane.name} {lane.about}: {steps}{wrong}"
