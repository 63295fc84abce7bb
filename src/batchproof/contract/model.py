"""What a contract folder says, as typed values. The format is described in ``schemas/README.md``."""

from typing import Literal

import msgspec

from batchproof.contract.webhooks import Webhooks
from batchproof.json_values import Json, JsonObject

Level = Literal["MUST", "SHOULD", "MAY"]
Basis = Literal["documented", "example", "inferred"]
Aspect = Literal[
    "shape",
    "enum",
    "error",
    "transition",
    "presence",
    "consistency",
    "limit",
    "auth",
    "version",
    "pagination",
    "webhook",
]
Profile = Literal["quick", "core", "full"]
OTHER_TOKENS: tuple[Literal["second", "limited", "unpaid"], ...] = ("second", "limited", "unpaid")
PROFILES: tuple[Profile, ...] = ("quick", "core", "full")


def token_fixture(auth: str) -> str:
    """The fixture that names the environment variable of the token of a probe whose ``auth`` is one of ``OTHER_TOKENS``."""
    return f"{auth}_token_env"


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything read from a contract folder: unknown keys are errors."""


class Source(Data, frozen=True, kw_only=True):
    """Where a statement stands."""

    document: str
    section: str
    seed: str | None = None


class Interpretation(Data, frozen=True, kw_only=True):
    """One of several contradicting statements."""

    says: str
    source: Source


class Testable(Data, frozen=True, kw_only=True):
    """Whether a statement can be tested from outside: what it needs, or why it cannot."""

    needs: list[str] = []
    no: str | None = None


class Requirement(Data, frozen=True, kw_only=True):
    """One documented statement. Of a ``draft`` nobody has judged level and sentence yet."""

    id: str
    level: Level
    statement: str
    source: Source
    basis: Basis = "documented"
    aspect: Aspect
    testable: Literal["black-box"] | Testable = "black-box"
    set: Profile = "core"
    interpretations: dict[str, Interpretation] = {}
    question: str | None = None
    draft: bool = False

    @property
    def untestable_because(self) -> str | None:
        """Why the statement cannot be tested from outside, or None when it can."""
        return None if self.testable == "black-box" else self.testable.no


class Contradiction(Data, frozen=True, kw_only=True):
    """What the documentation says in more than one way: the rows that hold it, or why it touches no operation."""

    name: str
    about: str
    rows: list[str] = []
    untouched: str | None = None


class Hole(Data, frozen=True, kw_only=True):
    """Why operations (names, or patterns such as ``list_*``) have no requirement of some aspects."""

    operations: list[str]
    aspects: list[Aspect]
    reason: str


class Sent(Data, frozen=True, kw_only=True):
    """A field that a client's models and the embedded emulator do not agree on."""

    operation: str
    at: str
    kind: Literal["unknown", "missing", "value"]
    reason: str


class Stricter(Data, frozen=True, kw_only=True):
    """Requirements that refuse what a client's models allow."""

    rows: list[str]
    reason: str


class Client(Data, frozen=True, kw_only=True):
    """A client of the vendor whose models a test holds against the emulator and the schemas; one of ``clients.yaml``."""

    package: str
    sent: list[Sent] = []
    stricter: list[Stricter] = []


class Document(Data, frozen=True, kw_only=True):
    """A page of the vendor's documentation, or a standard that it rests on."""

    title: str
    url: str


class Auth(Data, frozen=True, kw_only=True):
    """How a token is sent, and which statuses mean that it is refused."""

    scheme: Literal["bearer"] = "bearer"
    refused: tuple[int, ...] = (401,)


class RateLimit(Data, frozen=True, kw_only=True):
    """The header that tells when a rate limit lets requests pass again, and the forms that it may have."""

    reset: str
    forms: list[Literal["date-time", "epoch-seconds", "delay-seconds"]]


class Discovery(Data, frozen=True, kw_only=True):
    """A read that finds values for a fixture."""

    operation: str
    at: str


class Fixture(Data, frozen=True, kw_only=True):
    """Something that only the user of the target can give, or that a read discovers."""

    type: Literal["string", "list", "file", "env"]
    about: str
    resource: str | None = None
    discover: Discovery | None = None


class InputAlternative(Data, frozen=True, kw_only=True):
    """One way to make an input document, usable when the fixtures it needs are given."""

    value: Json
    needs: list[str] = []


class Resource(Data, frozen=True, kw_only=True):
    """A kind of object that responses show; ``refers`` says where it names objects of other resources."""

    id: str
    status: str | None = None
    lifecycle: str | None = None
    refers: dict[str, str] = {}


class Lifecycle(Data, frozen=True, kw_only=True):
    """States and the documented steps between them; without ``requirement``, no step before the end is wrong."""

    edges: dict[str, list[str]]
    terminal: list[str]
    requirement: str | None = None
    terminal_requirement: str
    tolerated: list[str] = []


class View(Data, frozen=True, kw_only=True):
    """Where a success body shows objects of a resource."""

    resource: str
    at: str
    view: str = "detail"


class Success(Data, frozen=True, kw_only=True):
    """The documented success response of an operation: one status, or any of those that the documentation allows."""

    status: int | list[int]
    schema: str
    requirement: str
    shows: list[View] = []

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that means success."""
        return (self.status,) if isinstance(self.status, int) else tuple(self.status)

    @property
    def described(self) -> str:
        """The statuses in words."""
        return " or ".join(map(str, self.statuses))


class Errors(Data, frozen=True, kw_only=True):
    """The documented error statuses of an operation."""

    statuses: list[int]
    requirement: str
    open: list[int] = []


class RequestTemplate(Data, frozen=True, kw_only=True):
    """How a valid request body is made, and its schema."""

    schema: str
    body: Json = None
    multipart: JsonObject | None = None
    path: JsonObject = {}


class Pages(Data, frozen=True, kw_only=True):
    """How a list is paged.

    ``answered`` says that a page is answered that is asked for with the token of the one before, ``leads`` that it shows
    other rows.
    """

    rows: str
    next: str
    token: str
    size: str | None = None
    stable: dict[str, str] = {}
    newest: dict[str, str] = {}
    answered: str | None = None
    leads: str | None = None


class Owner(Data, frozen=True, kw_only=True):
    """The query parameter that restricts a list to what belongs to one object."""

    parameter: str
    resource: str


class Deletion(Data, frozen=True, kw_only=True):
    """What an accepted call removes: neither readable nor listed afterwards."""

    resource: str
    requirement: str
    list_requirement: str


class Operation(Data, frozen=True, kw_only=True):
    """One method and path of the contract."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    document: str
    success: Success
    errors: Errors
    reads: str | None = None
    creates: str | None = None
    deletes: Deletion | None = None
    billed: str | int = 0
    query: str | None = None
    request: RequestTemplate | None = None
    pages: Pages | None = None
    owner: Owner | None = None


class Flow(Data, frozen=True, kw_only=True):
    """The operations that one kind of batch, or one kind of run, goes through."""

    submit: str | None = None
    read: str | None = None
    list: str | None = None
    read_run: str | None = None
    create: str | None = None
    cancel: str | None = None
    delete: str | None = None
    refresh: str | None = None
    cancellable: str | None = None


class Capability(Data, frozen=True, kw_only=True):
    """A part of the API that a server may leave out: operations, and rows that need it (names, or patterns such as ``list_*``)."""

    about: str
    operations: list[str] = []
    rows: list[str] = []


class Manifest(Data, frozen=True, kw_only=True):
    """``contract.yaml``."""

    format: Literal["batchproof-contract/1"]
    id: str
    title: str
    documents: dict[str, Document]
    preflight: str
    error: str
    operations: dict[str, Operation]
    resources: dict[str, Resource] = {}
    lifecycles: dict[str, Lifecycle] = {}
    auth: Auth | None = None
    rate_limit: RateLimit | None = None
    crash: str | None = None
    headers: dict[str, str] = {}
    fixtures: dict[str, Fixture] = {}
    inputs: dict[str, list[InputAlternative]] = {}
    flows: dict[str, Flow] = {}
    webhooks: Webhooks | None = None
    capabilities: dict[str, Capability] = {}
    families: dict[str, JsonObject] = {}


class Invariant(Data, frozen=True, kw_only=True):
    """A relation that a schema cannot say; one row of ``invariants.yaml``.

    What ``assumes`` that nothing happened between a look and an act proves nothing unless it shows again.
    """

    requirement: str
    each: str
    on: str
    to: str | None = None
    view: str | None = None
    answered: Literal["success", "error", "any"] = "success"
    when: str | None = None
    rule: str | None = None
    function: str | None = None
    arguments: dict[str, str] = {}
    interpretation: str | None = None
    assumes: Literal["nothing-between"] | None = None


class Control(Data, frozen=True, kw_only=True):
    """How the valid request of a probe is built. ``body`` is a JSON Merge Patch (RFC 7396) of that of its operation."""

    path: JsonObject = {}
    query: JsonObject = {}
    headers: JsonObject = {}
    body: Json = msgspec.UNSET
    inputs: int = 1
    kind: str = "document"


class Change(Data, frozen=True, kw_only=True):
    """The one change that makes a valid request invalid; ``repeat`` changes nothing but sends it once more."""

    path: JsonObject | None = None
    query: JsonObject | None = None
    headers: dict[str, str | None] | None = None
    auth: Literal["none", "unknown", "malformed", "basic", "second", "limited", "unpaid"] | None = None
    body: Json = msgspec.UNSET
    inputs: int | None = None
    raw: str | None = None
    content_type: str | None = None
    repeat: Literal[True] | None = None


class Refusal(Data, frozen=True, kw_only=True):
    """The documented answer to an invalid request."""

    statuses: list[int]
    codes: list[str] = []
    code_at: str = "/code"


class Probe(Data, frozen=True, kw_only=True):
    """A valid request with one change; one row of ``probes.yaml``.

    The documentation says that the changed request is refused, or (without ``refused``) that it is accepted too.
    ``everywhere`` says the same of every other operation: the loader makes a probe for each, which is ``generated``.
    """

    name: str
    requirement: str
    operation: str
    change: Change
    refused: Refusal | None = None
    interpretations: dict[str, list[int]] = {}
    control: Control = Control()
    everywhere: bool = False
    generated: bool = False
