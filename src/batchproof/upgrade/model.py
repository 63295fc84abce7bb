"""What ``migration.yaml`` says, as typed values. The format is described in ``schemas/README.md``."""

import re
from typing import Literal, NamedTuple

import msgspec

from batchproof.contract.model import Document, Source
from batchproof.json_values import Json

Grade = Literal["breaking", "risky", "compatible"]
Direction = Literal[
    "reads answers",
    "writes requests",
    "reacts to statuses",
    "parses errors",
    "receives webhooks",
    "stores ids",
]
# the ways in which two answers, or two lives of objects, can differ on the wire
Sight = Literal[
    "renamed",
    "moved",
    "absent",
    "present",
    "new",
    "unset",
    "omitted",
    "nulled",
    "filled",
    "type",
    "value",
    "status",
    "refused",
    "accepted",
    "header-absent",
    "header-new",
    "order",
    "page",
    "first-state",
    "state-skipped",
    "state-new",
    "end",
]
GRADES: tuple[Grade, ...] = ("breaking", "risky", "compatible")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that the file says: unknown keys are errors."""


class Variant(Part, frozen=True, kw_only=True):
    """One of several things that the older version has in one; ``words`` take the place of ``$word`` in what is mapped."""

    about: str
    words: dict[str, str]


class Fate(Part, frozen=True, kw_only=True):
    """What becomes of an operation, of all of a shape, of a status or of an event: exactly one of three.

    ``to`` is its name in the newer contract, ``outside`` says what takes its place though no folder describes it,
    ``gone`` why nothing does and what to do. ``grade`` is what that does to a user, if not breaking.
    """

    to: str | None = None
    outside: str | None = None
    gone: str | None = None
    grade: Grade = "breaking"


class Fields(Part, frozen=True, kw_only=True):
    """What becomes of fields, by pointer; ``/**`` at the end of a pointer stands for all below it, too.

    ``unspelled`` are fields that are kept although the newer folder does not spell them out.
    """

    kept: list[str] = []
    moved: dict[str, str] = {}
    outside: dict[str, str] = {}
    gone: dict[str, str] = {}
    unspelled: list[str] = []


class Shape(Part, frozen=True, kw_only=True):
    """What becomes of a schema file: ``to`` another one, field by field, or all of it ``outside`` or ``gone``.

    ``given`` are values that decide the conditions of the older one; ``only`` are the variants that have it. ``by`` says what
    holds for one variant instead. ``values`` are renamed values of a field, ``notes`` what to know of a field. ``partial`` are
    fields of which the older folder does not spell out all: what the newer one has below them besides is no addition.
    ``grades`` are those of changes that do more, or less, to a user than changes of their kind.
    """

    to: str | None = None
    outside: str | None = None
    gone: str | None = None
    given: dict[str, str] = {}
    only: list[str] = []
    fields: Fields = Fields()
    by: dict[str, Fields] = {}
    values: dict[str, dict[str, str]] = {}
    notes: dict[str, str] = {}
    partial: list[str] = []
    grades: dict[str, Grade] = {}


class Life(Part, frozen=True, kw_only=True):
    """What becomes of a life cycle: its statuses are kept, have another name (``renamed``) or are lost; or it is outside."""

    to: str | None = None
    outside: str | None = None
    gone: str | None = None
    grade: Grade = "breaking"
    kept: list[str] = []
    renamed: dict[str, str] = {}
    lost: dict[str, str] = {}


class StatedExample(Part, frozen=True, kw_only=True):
    """A body before, and the same after. ``shapes`` are the schema files of both, where the contracts have any.

    A request is whole; of an answer it is a piece, which may lack what is required. ``refused`` says that the newer contract
    refuses ``after``.
    """

    before: Json
    after: Json
    shapes: dict[Literal["before", "after"], str] = {}
    refused: bool = False


class Stated(Part, frozen=True, kw_only=True):
    """A change that no shape shows: behaviour that a requirement states, or a part that no folder describes.

    ``before`` and ``after`` say what holds; ``older`` and ``newer`` are rows of the two contracts that state it. ``became`` are
    operations and events of the newer contract that take the place of something undescribed, and so are no additions.
    ``seen`` says how it shows on the wire: kinds of differences, each with patterns of what they are of.
    ``touches`` are what a program calls, sends or reads that has to know of it, each a ``Touch`` as text; it is for everybody
    where none is named. ``codes`` are codes of errors of the older version, which code may know though no schema lists them.
    ``prefixes`` are those of ids, and what stands in the place of each.
    """

    name: str
    about: Literal[
        "operation", "request", "response", "status", "error", "header", "event", "id", "behaviour"
    ]
    directions: list[Direction]
    grade: Grade
    silent: bool = False
    before: str
    after: str
    reason: str
    source: Source
    older: list[str] = []
    newer: list[str] = []
    became: list[str] = []
    seen: dict[Sight, list[str]] = {}
    touches: list[str] = []
    codes: list[str] = []
    prefixes: dict[str, str] = {}
    example: StatedExample | None = None


class Touch(NamedTuple):
    """What a change is for: ``name@variant /pointer``, of which the last two may be missing, or ``METHOD /path``.

    ``name`` is an operation or event, ``errors`` for every answer that is an error, or a call that no folder describes.
    """

    name: str
    variant: str
    at: str


ERRORS = "errors"
_TOUCH = re.compile(r"(?P<call>[A-Z]+ /\S*)|(?P<name>[^\s@/]+)(?:@(?P<variant>\w+))?(?: (?P<at>/\S*))?")


def touch(text: str) -> Touch | None:
    """What ``text`` says; None where it says nothing of the kind."""
    match = _TOUCH.fullmatch(text)
    if match is None:
        return None
    return Touch(match["call"] or match["name"], match["variant"] or "", match["at"] or "")


class Route(Part, frozen=True, kw_only=True):
    """A way from the older version to the newer one.

    On it the operations in ``keeps`` stay where they are, and for them no more changes than the headers and what ``holds``
    names in ``changes``. ``unsettled`` is what this way rests on though the documents contradict each other.
    """

    about: str
    source: Source
    keeps: list[str] = []
    holds: list[str] = []
    unsettled: str | None = None


class Allowed(Part, frozen=True, kw_only=True):
    """The rows of the newer contract by which the vendor calls an addition compatible; without one it is risky."""

    operation: str | None = None
    property: str | None = None
    parameter: str | None = None
    event: str | None = None


class Migration(Part, frozen=True, kw_only=True, rename={"older": "from"}):
    """``migration.yaml``: what became of everything that the contract ``older`` (in the file: ``from``) has."""

    format: Literal["batchproof-migration/1"]
    older: str
    documents: dict[str, Document] = {}
    allowed: Allowed = Allowed()
    variants: dict[str, Variant] = {}
    operations: dict[str, Fate]
    shapes: dict[str, Shape]
    lifecycles: dict[str, Life] = {}
    events: dict[str, Fate] = {}
    changes: list[Stated] = []
    routes: dict[str, Route] = {}
