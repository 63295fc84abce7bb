"""One difference between two contracts, and what it does to whom. ``schemas/batchproof/upgrade.json`` describes the file."""

from datetime import date
from typing import Literal

from msgspec import Struct

from batchproof.contract.model import Source
from batchproof.json_values import Json
from batchproof.upgrade.model import GRADES, Direction, Grade

FORMAT = "batchproof-upgrade/1"

About = Literal[
    "operation",
    "request",
    "query",
    "response",
    "status",
    "error",
    "header",
    "paging",
    "event",
    "id",
    "behaviour",
]
Kind = Literal[
    "renamed",
    "moved",
    "outside",
    "removed",
    "added",
    "retyped",
    "null",
    "required",
    "optional",
    "form",
    "values_removed",
    "values_added",
    "value_renamed",
    "states",
    "changed",
    "stated",
]


class After(Struct, frozen=True, kw_only=True):
    """What stands there now, in some variants (none named: in all): where it is, and what to know of it."""

    variants: list[str] = []
    at: str | None
    note: str | None = None


class PlaceSeen(Struct, frozen=True, kw_only=True):
    """Where a user meets what has changed: an operation or event of the older contract, and a pointer into its body."""

    name: str
    at: str


class Example(Struct, frozen=True, kw_only=True):
    """A smallest piece of a body before, and the same after; None where nothing is the same."""

    before: Json
    after: Json


class Accepted(Struct, frozen=True, kw_only=True):
    """Why a change fails nothing; ``over`` says that its date has passed, so that it counts again."""

    reason: str
    link: str | None
    until: date | None
    over: bool


class Change(Struct, frozen=True, kw_only=True):
    """One difference. ``id`` is stable. ``silent`` says that nothing fails: the call is answered and means something else.

    ``before`` and ``after`` say where it was and is; ``details`` what else has changed with it. ``older`` and ``newer`` are
    requirements of the two contracts that state it.
    """

    id: str
    about: About
    kind: Kind
    directions: list[Direction]
    grade: Grade
    silent: bool
    what: str
    reason: str
    before: str | None = None
    after: list[After] = []
    details: list[str] = []
    places: list[PlaceSeen] = []
    example: Example | None = None
    older: list[str] = []
    newer: list[str] = []
    source: Source | None = None
    accepted: Accepted | None = None

    @property
    def open(self) -> bool:
        """Whether it counts: nobody has accepted it, or no longer."""
        return self.accepted is None or self.accepted.over

    @property
    def rank(self) -> tuple[int, bool, str]:
        """Silent breaks first, then by grade."""
        return GRADES.index(self.grade), not self.silent, self.id


class Upgrade(Struct, frozen=True, kw_only=True):
    """All differences between two contracts, the worst first."""

    format: str
    older: str
    newer: str
    variants: dict[str, str]
    routes: dict[str, str]
    totals: dict[Grade, int]
    silent: int
    changes: list[Change]
