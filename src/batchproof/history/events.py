"""The events of a history. One JSON object a line; ``schemas/batchproof/history.json`` says the same for other programs."""

import base64
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from batchproof.history import strict_json

FORMAT = "batchproof-history/1"
# the scenario of the look whether the server is there at all
START = "start"
# the scenario of requests that find out whether the server is still there
BREAKER = "breaker"
# the scenario of requests that somebody else made: they may be wrong in ways that nobody knows
TRAFFIC = "traffic"

FailureKind = Literal["timeout", "connect", "protocol", "too_large", "not_json", "unhandled"]
# what this program does not read may keep everything that is documented
OWN_LIMITS: frozenset[FailureKind] = frozenset({"too_large", "unhandled"})
CaseMode = Literal["valid", "invalid", "open"]
UnmetReason = Literal["precondition_unmet", "budget_exhausted", "target_error"]
HaltReason = Literal["unreachable", "token_refused"]
ReproductionOutcome = Literal["reproduced", "unstable", "not_tried"]
# whether a receiver of webhooks was open, or the history holds nothing but what one had recorded
Webhooks = Literal["received", "only"]


class Header(Struct, frozen=True, tag_field="event", tag="header", kw_only=True):
    """The first event: what was run against what. Seconds elsewhere count from ``started_at``.

    ``claims`` are the capabilities that the server claims; None for all of them.
    ``scenarios`` are those that the run drives, None where nobody knows; ``shard`` says which share of the plan they are
    (``2/5``, or ``1,2/5`` of shards that were merged), None where they are all of it. ``max_runs`` and ``max_requests``
    are the limits.
    """

    format: str = FORMAT
    suite: str
    contract: str
    profile: Literal["quick", "core", "full"]
    seed: int
    started_at: str
    target: str
    token: str | None = None
    webhooks: Webhooks | None = None
    claims: list[str] | None = None
    scenarios: list[str] | None = None
    shard: str | None = None
    max_runs: int | None = None
    max_requests: int | None = None


class Request(Struct, frozen=True, kw_only=True):
    """A request as it was sent, less its secrets. ``body`` is JSON; what is not JSON stands in ``text``."""

    method: str
    url: str
    path: dict[str, str] = {}
    query: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    body: Any = UNSET
    text: str | None = None


class Response(Struct, frozen=True, kw_only=True):
    """A response as it was received, less its secrets. Header names are lower case.

    ``size`` is that of the whole body in bytes; of one that is not JSON, ``text`` holds the beginning. ``oddities`` are
    what RFC 8259 has against a JSON body that can be read all the same.
    """

    status: int
    headers: dict[str, str] = {}
    body: Any = UNSET
    text: str | None = None
    size: int = 0
    oddities: list[strict_json.Oddity] = []


class Failure(Struct, frozen=True, kw_only=True):
    """The way in which an exchange failed; ``OWN_LIMITS`` are those that say nothing about the server."""

    kind: FailureKind
    message: str


class Case(Struct, frozen=True, kw_only=True):
    """What a generated request is: ``valid`` by the contract, ``invalid`` in one place, or ``open``.

    ``place`` is a part of the request (``body``, ``query``, ``path`` or ``headers``), followed in body and query by a
    location in its schema: of an invalid request the keyword that it breaks, of the others the subschema whose value
    they vary; None where they vary several. ``about`` is a label for people. ``control`` is the id of the exchange with
    the hand-written valid request that this one departs from.
    """

    mode: CaseMode
    about: str
    place: str | None = None
    control: str | None = None


class Exchange(Struct, frozen=True, tag_field="event", tag="exchange", kw_only=True):
    """One request with its response, or with the way it failed. ``start`` and ``end`` are seconds.

    ``probe`` names the probe whose invalid request this is; ``control_of`` the probes whose valid request it is.
    ``documents`` is how many documents count against the limit of the run: those that the server may have processed.
    ``case`` says what a generated request is; ``auth`` with which other credential than the token it was sent, if with another.
    """

    id: str
    scenario: str
    operation: str | None
    start: float
    end: float
    request: Request
    response: Response | None = None
    failure: Failure | None = None
    probe: str | None = None
    control_of: list[str] = []
    case: Case | None = None
    auth: str | None = None
    documents: int = 0


class Delivery(Struct, frozen=True, tag_field="event", tag="delivery", kw_only=True):
    """One request that the receiver of webhooks got, less its secrets. ``received_at`` is in seconds.

    The body stands in ``text``, or in ``base64`` if it is not UTF-8. ``expected`` is the signature that the bytes of the
    body have under the secret, None where it cannot be worked out; ``age`` is how many seconds old the timestamp was.
    """

    id: str
    received_at: float
    method: str | None = None
    path: str | None = None
    headers: dict[str, str] = {}
    text: str | None = None
    base64: str | None = None
    expected: str | None = None
    age: float | None = None

    def json(self) -> Any:
        """The body as JSON. Raises ``ValueError`` when it is none."""
        raw = self.text if self.text is not None else base64.b64decode(self.base64 or "").decode()
        return strict_json.parse(raw)


class Unmet(Struct, frozen=True, tag_field="event", tag="unmet", kw_only=True):
    """Something that could not be exercised: why, which operations it keeps unseen, and the option that would help.

    With ``target_error`` the server did not let the scenario come to its end: it gave up. In the scenario ``START``, the
    server cannot be tested at all.
    """

    scenario: str
    reason: UnmetReason
    detail: str
    operations: list[str]
    option: str | None = None
    probe: str | None = None


class Halt(Struct, frozen=True, tag_field="event", tag="halt", kw_only=True):
    """The run stopped asking: what was answered before was answered no more, or the token refused from then on.

    It has been so since the second ``since_s``, in ``count`` exchanges of which ``exchange`` is the first; ``answer``
    is what came of the last one.
    """

    why: HaltReason
    since_s: float
    exchange: str
    count: int
    answer: str

    @property
    def described(self) -> str:
        """The same in words."""
        seen = f"{self.answer}, {self.count} times, first {self.exchange}"
        if self.why == "token_refused":
            return (
                f"the server refuses the token since second {self.since_s:.1f} of the run ({seen}); "
                "has it expired or been revoked?"
            )
        return (
            f"the server does not answer since second {self.since_s:.1f} of the run ({seen}); is it still up?"
        )


class Unanswered(Struct, frozen=True, tag_field="event", tag="unanswered", kw_only=True):
    """What was on its way when the run was killed: nobody knows what came of it, so it counts as spent.

    ``requests`` may have been sent, and ``documents`` may be processed because of them.
    """

    requests: int
    documents: int


class ScenarioEnded(Struct, frozen=True, tag_field="event", tag="ended", kw_only=True):
    """A scenario of the run has ended, whatever came of it: all that it sent stands before.

    Of one that made something for all others, ``made`` is what they use: resource and id of each object.
    """

    scenario: str
    made: list[tuple[str, str]] = []


class Reproduction(Struct, frozen=True, tag_field="event", tag="reproduction", kw_only=True):
    """What came of sending a finding's requests again; ``exchanges`` are the fewest that were found to show it."""

    requirement: str
    fingerprint: str
    outcome: ReproductionOutcome
    exchanges: list[str]
    detail: str | None = None


class Footer(Struct, frozen=True, tag_field="event", tag="footer", kw_only=True):
    """The last event. A history without it was cut off."""

    ended: float
    exchanges: int
    interrupted: bool = False


Event = Header | Exchange | Delivery | Unmet | Unanswered | ScenarioEnded | Halt | Reproduction | Footer
# what a finding can rest on
Recorded = Exchange | Delivery


def to_json(event: Event) -> dict[str, Any]:
    """The event as plain JSON values."""
    plain: dict[str, Any] = msgspec.to_builtins(event)
    return plain


def from_json(value: Any) -> Event:
    """The event that ``value`` describes. Raises ``msgspec.ValidationError``."""
    event: Event = msgspec.convert(value, Event)
    return event


def has_body(side: Request | Response) -> bool:
    """Whether the message carried a JSON body (``null`` is one)."""
    return not isinstance(side.body, UnsetType)
