"""The to-do list of one program, as ``upgrade.json`` has it under ``todo``."""

from typing import Literal

from msgspec import Struct

from batchproof.json_values import Json, JsonObject
from batchproof.upgrade.change import Accepted, After
from batchproof.upgrade.model import GRADES, Grade

Part = Literal["header", "call", "request", "query", "answer", "status", "error", "event", "behaviour"]
State = Literal["open", "done", "unseen"]
# the items that are for every call, whatever it is
EVERYWHERE = "every call"


class Item(Struct, frozen=True, kw_only=True):
    """One thing to do. ``id`` is stable; ``what`` is an order that can be followed.

    ``before`` is what there is in the older version, ``after`` what takes its place. ``changes`` are the ids of the changes
    that it comes from. ``routes`` are the ways to the newer version on which it has to be done. ``state`` is ``unseen`` where
    traffic cannot show, or does not show, whether it was done; ``seen`` says what was seen of it. ``information`` is an item of
    which nothing that was given shows whether it concerns the program: it is to be looked at, and fails nothing.
    """

    id: str
    part: Part
    grade: Grade
    silent: bool
    what: str
    reason: str
    before: str | None = None
    after: list[After] = []
    notes: list[str] = []
    changes: list[str] = []
    routes: list[str] = []
    state: State = "open"
    seen: str | None = None
    information: bool = False
    accepted: Accepted | None = None

    @property
    def open(self) -> bool:
        """Whether it has to be done still, as far as is known, and nobody has accepted that it is not."""
        return self.state == "open" and not self.taken and not self.information

    @property
    def taken(self) -> bool:
        """Whether it is accepted, and no date has passed."""
        return self.accepted is not None and not self.accepted.over

    def on(self, route: str | None) -> bool:
        """Whether it has to be done on this way; without one, on every way."""
        return route is None or route in self.routes

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Silent ones first, then by grade; information comes last."""
        return not self.silent, GRADES.index(self.grade), self.information


class Sample(Struct, frozen=True, kw_only=True):
    """A request of the program itself with its answer, before and after; the latter is one that the newer contract allows.

    ``new`` are the places of ``answer_after`` where a documented value, or null, stands for one that the program has not met.
    ``needed`` are those of the body in ``request_after`` that the request lacked.
    ``cut`` says how many elements of a list are left out, by its place in ``answer_before``.
    """

    variant: str | None
    exchange: str
    request_before: JsonObject
    request_after: JsonObject | None
    answer_before: Json
    answer_after: Json
    new: list[str] = []
    needed: list[str] = []
    cut: dict[str, int] = {}


class Call(Struct, frozen=True, kw_only=True):
    """What there is to do about one operation or event: how often it was seen, of which variants, and where it is now."""

    name: str
    kind: Literal["operation", "event", "outside", "everywhere"]
    count: int
    variants: list[str]
    before: str
    after: list[After]
    items: list[Item]
    samples: list[Sample] = []

    def on(self, route: str | None) -> list[Item]:
        """What has to be done on this way."""
        return [item for item in self.items if item.on(route)]

    def rank(self, route: str | None) -> tuple[bool, bool, int, bool, str]:
        """Calls with silent changes first, then the most broken; what is for every call goes before all of them."""
        worst = min((item.rank for item in self.on(route)), default=(True, len(GRADES), False))
        return self.kind != "everywhere", *worst, self.name


class RouteDescribed(Struct, frozen=True, kw_only=True):
    """A way to the newer version: how much there is to do on it, and what it rests on that is not settled."""

    about: str
    chosen: bool
    totals: dict[Grade, int]
    silent: int
    keeps: list[str]
    unsettled: str | None


class Todo(Struct, frozen=True, kw_only=True):
    """Everything that a program has to do. ``totals`` and ``silent`` count what is open on the chosen route.

    ``elsewhere`` is how many breaking or risky changes concern nothing that the traffic shows. ``unknown`` are calls that
    neither contract knows, with their numbers. ``checked`` is whether newer traffic was looked at.
    """

    files: list[str]
    checked: list[str]
    requests: int
    deliveries: int
    totals: dict[Grade, int]
    silent: int
    done: int
    unseen: int
    elsewhere: int
    unknown: dict[str, int]
    notes: list[str]
    routes: dict[str, RouteDescribed]
    calls: list[Call]

    @property
    def route(self) -> str | None:
        """The way that was chosen; None where there is only one."""
        return next((name for name, described in self.routes.items() if described.chosen), None)

    @property
    def items(self) -> list[Item]:
        """What has to be done on the chosen route."""
        return [item for call in self.calls for item in call.on(self.route)]
