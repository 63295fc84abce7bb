"""One observed difference, and all of them. ``schemas/batchproof/upgrade.json`` describes the file."""

from typing import NamedTuple

from msgspec import Struct

from batchproof.upgrade.change import About, Accepted
from batchproof.upgrade.model import Grade, Sight

# what is there besides what was there before
ADDED: frozenset[Sight] = frozenset({"new", "header-new"})

# of which it is the same difference whatever stands there
PRESENCE: frozenset[Sight] = frozenset({"new", "absent", "present"})


class Seen(NamedTuple):
    """A difference between two exchanges, of which the newer one stands in the place of the older one.

    ``subject`` says what differs, ``at`` the place in the older schema file (``file``) or in the newer body, if it is a
    field. ``known`` are the changes on paper that say so, ``documented`` that the newer contract alone does. What both
    contracts leave ``open`` is no difference by itself.
    """

    subject: str
    about: About
    kind: Sight
    before: str
    after: str
    operation: str
    exchanges: tuple[str, str]
    known: tuple[str, ...] = ()
    documented: bool = False
    place: str = ""
    open: bool = False


class Observation(Struct, frozen=True, kw_only=True):
    """A difference that showed twice at least.

    ``seen`` is how often, ``operations`` where (names of the older contract), ``exchanges`` are the ids of some of the pairs
    that show it. ``changes`` are the changes on paper that say so. Where there is none, ``documented`` says whether the newer
    contract describes what is there now: if it does not, the paper does not know of it.
    """

    id: str
    about: About
    kind: Sight
    grade: Grade
    what: str
    before: str
    after: str
    operations: list[str]
    seen: int
    exchanges: list[tuple[str, str]]
    changes: list[str] = []
    documented: bool = False
    accepted: Accepted | None = None

    @property
    def unknown(self) -> bool:
        """Whether neither the changes on paper nor the newer contract say so."""
        return not self.changes and not self.documented


class Rehearsal(Struct, frozen=True, kw_only=True):
    """What was observed. ``variant`` is what was driven, where the older version has several things in one.

    ``scenarios`` and ``steps`` are how many of them stood side by side, ``once`` is how many differences showed only once
    and count for nothing. ``left_out`` says what could not be compared, and why; ``profile`` how much was driven. ``stale``
    are entries of what is accepted that are out of date.
    """

    variant: str
    older_sha256: str
    newer_sha256: str
    scenarios: int
    steps: int
    once: int
    observations: list[Observation]
    left_out: list[str] = []
    profile: str = "core"
    stale: list[str] = []

    @property
    def established(self) -> bool:
        """Whether anything could be compared at all."""
        return self.steps > 0

    @property
    def unknown(self) -> list[Observation]:
        """The observations that the paper does not know of, and that the vendor does not call compatible."""
        return [item for item in self.observations if item.unknown and item.grade != "compatible"]

    @property
    def additions(self) -> list[Observation]:
        """Those that it does not know of either, but of a kind that the vendor lists as compatible, such as a new property."""
        return [item for item in self.observations if item.unknown and item.grade == "compatible"]

    @property
    def open(self) -> list[Observation]:
        """Those of them that nobody has accepted, or whose day has passed."""
        return [item for item in self.unknown if item.accepted is None or item.accepted.over]
