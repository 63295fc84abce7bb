"""The events of a finding as lanes: time runs to the right, one lane for each object, looks as ticks, statuses as segments.

Only where things stand is worked out here; the template draws them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from batchproof.contract import Contract
from batchproof.contract.linked import Lifecycle
from batchproof.history import Delivery, Exchange
from batchproof.report.html.appearances import Appearance, appearances
from batchproof.report.html.records import began

_LABELS = 160
_STEP, _LONGEST_STEP = 96, 190
_HEAD, _LANE, _FOOT = 46, 46, 10
_PER_SECOND = 40
_THINNEST, _THICKEST = 6, 16
_MOST_LANES = 6
_LONGEST_NAME, _LONGEST_TEXT = 20, 24

Key = tuple[str, str]


class Column(NamedTuple):
    """One event on the axis. ``number`` is that in the list of events; ``wrong`` says that the finding shows there."""

    x: float
    number: int
    at: str
    wrong: bool


class Look(NamedTuple):
    """A tick: an object as one answer showed it, a request that showed none, or (``flag``) a delivery."""

    x: float
    width: float
    text: str
    wrong: bool
    flag: bool


class Segment(NamedTuple):
    """What lies between two looks. ``illegal`` says that no life cycle leads from the one to the other."""

    x: float
    width: float
    illegal: bool


class Lane(NamedTuple):
    """The looks at one object, or what belongs to none that has a lane."""

    y: float
    name: str
    about: str
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
    contract: Contract,
    events: Sequence[Exchange | Delivery],
    pointer: str,
    wrong: Sequence[str],
    alone: Collection[str] = (),
) -> Lifeline | None:
    """The life line of ``events``, which are in order; None where no object appears in two of them, or only in rows of lists.

    ``pointer`` is where the finding stands, in one of those that are ``wrong``; a row that it points into is drawn. Those that
    show it ``alone`` are marked, each; where there are none, the last that is wrong.
    """
    objects = _objects(contract, events)
    several = {key: seen for key, seen in objects.items() if len(seen) > 1}
    described_of = [seen for appeared in several.values() for seen in appeared]
    if all(_in_a_list(seen) and not _pointed_at(seen, pointer, wrong) for seen in described_of):
        return None
    chosen = _chosen(several, pointer, wrong)
    drawn = [(number, item) for number, item in enumerate(events, start=1) if _belongs(item, objects, chosen)]
    axis = _Axis([item for _, item in drawn])
    # the last one is where it shows; what came before is what it is compared with
    last = next((item.id for _, item in reversed(drawn) if item.id in wrong), drawn[-1][1].id)
    marked = {item.id for _, item in drawn if item.id in alone} or {last}
    lanes: list[Lane] = []
    for key in chosen:
        lanes.append(_lane(contract, axis, key, objects[key], _y(lanes), marked))
    others = [item for _, item in drawn if not _shows(item, objects)]
    if others:
        lanes.append(
            Lane(_y(lanes), "other", "", [axis.look(item, _outcome(item), marked) for item in others], [])
        )
    first = began(drawn[0][1])
    return Lifeline(
        width=axis.width,
        height=_y(lanes) + _FOOT,
        columns=[
            Column(axis.at(began(item)), number, f"+{began(item) - first:.1f} s", item.id in marked)
            for number, item in drawn
        ],
        lanes=lanes,
        words="; ".join(_in_words(lanes)),
        more=len(several) - len(chosen),
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
        self.width = self._anchors[-1][1] + _LONGEST_STEP

    def at(self, second: float) -> float:
        """The place of a second."""
        for (begins, x), (ends, after) in pairwise(self._anchors):
            if second <= ends:
                return x + (after - x) * (second - begins) / (ends - begins) if second > begins else x
        begins, x = self._anchors[-1]
        return x + max(second - begins, 0) * _PER_SECOND

    def look(self, item: Exchange | Delivery, text: str, wrong: Collection[str]) -> Look:
        """The tick of an event. A wide one says that others began before it had ended."""
        x, flag = self.at(began(item)), isinstance(item, Delivery)
        width = 0.0
        if isinstance(item, Exchange):
            overlaps = any(item.start < begins < item.end for begins, _ in self._anchors)
            width = self.at(item.end) - x
            width = width if overlaps else min(width, _THICKEST)
        return Look(x, max(width, _THINNEST), _cut(text, _LONGEST_TEXT), item.id in wrong, flag)


def _objects(contract: Contract, events: Sequence[Exchange | Delivery]) -> dict[Key, list[Appearance]]:
    """Where every object appears, once in each event."""
    found: dict[Key, list[Appearance]] = defaultdict(list)
    for item in events:
        for seen in appearances(contract, item):
            before = found[seen.resource, seen.id]
            if not before or before[-1].event.id != item.id:
                before.append(seen)
    return dict(found)


def _chosen(objects: dict[Key, list[Appearance]], pointer: str, wrong: Sequence[str]) -> list[Key]:
    """The objects that the finding is about: what it points into, then what appears most often."""

    def worth(key: Key) -> tuple[bool, int]:
        return any(_pointed_at(seen, pointer, wrong) for seen in objects[key]), len(objects[key])

    ranked = sorted(objects, key=worth, reverse=True)[:_MOST_LANES]
    # as they came, so that a batch stands above its runs
    return [key for key in objects if key in ranked]


def _pointed_at(seen: Appearance, pointer: str, wrong: Sequence[str]) -> bool:
    return seen.event.id in wrong and f"{pointer}/".startswith(f"{seen.at}/")


def _in_a_list(seen: Appearance) -> bool:
    return seen.at.rpartition("/")[2].isdigit()


def _belongs(item: Exchange | Delivery, objects: dict[Key, list[Appearance]], chosen: Sequence[Key]) -> bool:
    """Whether an event has a place in the drawing: it shows a chosen object, or none at all."""
    return any(seen.event.id == item.id for key in chosen for seen in objects[key]) or not _shows(
        item, objects
    )


def _shows(item: Exchange | Delivery, objects: dict[Key, list[Appearance]]) -> bool:
    return any(seen.event.id == item.id for appeared in objects.values() for seen in appeared)


def _lane(
    contract: Contract,
    axis: _Axis,
    key: Key,
    appeared: Sequence[Appearance],
    y: float,
    marked: Collection[str],
) -> Lane:
    known = contract.resources[key[0]].lifecycle
    ticks = [axis.look(seen.event, seen.text, marked) for seen in appeared]
    looked = [(seen, tick) for seen, tick in zip(appeared, ticks, strict=True) if not tick.flag]
    segments = [
        Segment(
            x=one.x + one.width,
            width=max(other.x - one.x - one.width, 0),
            illegal=leads_nowhere(known, before.status, after.status),
        )
        for (before, one), (after, other) in pairwise(looked)
    ]
    return Lane(y, key[0], _cut(key[1], _LONGEST_NAME), ticks, segments)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def leads_nowhere(known: Lifecycle | None, before: str | None, after: str | None) -> bool:
    """Whether no documented way leads from the one status to the other."""
    if known is None or before is None or after is None or before not in known.after:
        return False
    return after not in known.after[before] and (known.knows(after) or before in known.terminal)


def _outcome(item: Exchange | Delivery) -> str:
    if isinstance(item, Delivery):
        return "delivery"
    if item.response is not None:
        return f"{item.request.method} {item.response.status}"
    return "no answer" if item.failure is None else item.failure.kind.replace("_", " ")


def _in_words(lanes: Sequence[Lane]) -> Iterator[str]:
    for lane in lanes:
        steps = ", then ".join(look.text for look in lane.looks)
        wrong = " (an illegal step)" if any(segment.illegal for segment in lane.segments) else ""
        yield f"{lane.name} {lane.about}: {steps}{wrong}"
