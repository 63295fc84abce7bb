"""What a judgement says. ``schemas/batchproof/results.json`` describes the file it becomes."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from batchproof.contract.expected import Expected
from batchproof.contract.model import Aspect, Document, Level, Profile, Source
from batchproof.history.events import HaltReason, ReproductionOutcome

FORMAT = "batchproof-results/1"
UNSTABLE = "unstable"
NOT_CLAIMED = "not_claimed"

Verdict = Literal["passed", "failed", "inconclusive", "not_applicable"]
Blame = Literal["server", "suite", "configuration", "network", "documentation"]
# an entry of expected findings: what it names was found, was not looked at, is gone, or its date has passed
EntryState = Literal["found", "unseen", "gone", "over"]
VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "inconclusive", "not_applicable")


class Shrunken(Struct, frozen=True, kw_only=True):
    """The smallest evidence of a finding, and whether the server did the same again."""

    outcome: ReproductionOutcome
    exchanges: list[str]
    detail: str | None


class Shown(Struct, frozen=True, kw_only=True):
    """Something that a rule looked at, in words. ``exchange`` is where it was seen, where that is one of several."""

    text: str
    exchange: str | None = None


# how messages about broken invariants begin
BROKEN_INVARIANT = "the invariant does not hold"


class Finding(Struct, frozen=True, kw_only=True):
    """Observations that contradict a requirement in one way. ``fingerprint`` is the same in every run.

    ``assumption`` says that they rest on what nobody saw: that nothing happened between a look and an act.
    ``expectation`` is the entry by which they are expected. ``headline`` names what is broken, and ``shown`` the values
    that the rule looked at, both in words and short.
    """

    fingerprint: str
    blame: Blame
    message: str
    pointer: str
    expected: str
    observed: Any
    exchanges: list[str]
    count: int
    reproduction: Shrunken | None = None
    assumption: bool = False
    expectation: Expected | None = None
    headline: str = ""
    shown: list[Shown] = []

    @property
    def by_expression(self) -> bool:
        """Whether ``expected`` is an expression of a rule, which says little to people."""
        return self.message.startswith(BROKEN_INVARIANT)

    @property
    def unstable(self) -> bool:
        """Whether it rests on an assumption and did not show again: then it proves nothing."""
        return self.assumption and self.reproduction is not None and self.reproduction.outcome == "unstable"


class InterpretationSeen(Struct, frozen=True, kw_only=True):
    """How often the server was seen to follow one interpretation of a contradiction."""

    interpretation: str
    says: str
    source: Source
    observations: int


class RequirementResult(Struct, frozen=True, kw_only=True):
    """The verdict on one requirement. ``expected`` says that all that contradicts it is: then it fails no run."""

    id: str
    level: Level
    aspect: Aspect
    statement: str
    source: Source
    verdict: Verdict
    reason: str | None
    detail: str | None
    observations: int
    findings: list[Finding]
    interpretations: list[InterpretationSeen]
    question: str | None = None
    expected: bool = False

    def counts(self, *, strict: bool) -> bool:
        """Whether its level may fail a run."""
        return self.level == "MUST" or (strict and self.level == "SHOULD")

    def fails(self, *, strict: bool) -> bool:
        """Whether it fails a run."""
        return self.verdict == "failed" and not self.expected and self.counts(strict=strict)

    @property
    def unproven(self) -> bool:
        """Whether a finding that nobody expects is unstable: what it would be worth is open."""
        return any(
            finding.unstable and finding.blame == "server" and finding.expectation is None
            for finding in self.findings
        )


class ExpectedEntry(Expected, frozen=True, kw_only=True):
    """An entry of expected findings, and what became of it in one run."""

    state: EntryState

    @property
    def stale(self) -> bool:
        """Whether it fails the run: nothing is there any more that it would excuse, or it may no longer do so."""
        return self.state in ("gone", "over")


class EdgeSeen(Struct, frozen=True, kw_only=True):
    """A documented step between two states, and how many objects were seen to take it."""

    before: str
    after: str
    seen: int


class LifecycleSeen(Struct, frozen=True, kw_only=True):
    """What was seen of one life cycle. ``longer`` are steps over states that nobody looked at."""

    lifecycle: str
    edges: list[EdgeSeen]
    longer: list[EdgeSeen]

    @property
    def covered(self) -> int:
        """How many documented steps were seen at least once."""
        return sum(edge.seen > 0 for edge in self.edges)


class OperationBreadth(Struct, frozen=True, kw_only=True):
    """What was sent to one operation and answered: all requests, generated ones by mode, and keywords.

    A keyword of a request schema counts once a request broke it, one of the success schema once a value exercised it.
    """

    sent: int
    valid: int
    invalid: int
    open: int
    request_keywords: int
    request_keywords_broken: int
    response_keywords: int
    response_keywords_exercised: int


class Breadth(Struct, frozen=True, kw_only=True):
    """How much of the contract a run exercised."""

    operations: dict[str, OperationBreadth] = {}


class Unexpected(Struct, frozen=True, kw_only=True):
    """Answers of one kind to valid requests that are not the documented success. ``answer`` is a status, or the failure.

    ``exchanges`` are the first of them.
    """

    operation: str
    answer: str
    count: int
    exchanges: list[str]


class GaveUp(Struct, frozen=True, kw_only=True):
    """A scenario that the server did not let come to its end; ``option`` is what may help."""

    scenario: str
    detail: str
    option: str | None = None


class TokenRefused(Struct, frozen=True, kw_only=True):
    """The run's own token was refused by all ``count`` answers from the second ``since_s`` of the run on.

    ``exchange`` is the first of them, and ``status`` its status.
    """

    since_s: float
    exchange: str
    status: int
    count: int

    @property
    def described(self) -> str:
        """The same in words."""
        return (
            f"the server refuses the token since second {self.since_s:.1f} of the run "
            f"(status {self.status}, {self.count} times, first {self.exchange}); has it expired or been revoked?"
        )


class Halted(Struct, frozen=True, kw_only=True):
    """The run stopped asking: from the second ``since_s`` on nothing was answered, or the token refused.

    ``exchange`` is the first of the ``count`` that show it; ``described`` is the same in words.
    """

    why: HaltReason
    since_s: float
    exchange: str
    count: int
    described: str


class Results(Struct, frozen=True, kw_only=True):
    """Everything that a report needs. It holds no time of judging: the same history gives the same bytes.

    ``strangers`` are the ids of deliveries that nothing ties to the server. ``strict`` says that a SHOULD counts as a MUST
    does, and ``expected`` what became of each entry of expected findings. ``claims`` are the capabilities that the
    server claims; None for all of them.
    """

    format: str
    suite: str
    contract: str
    catalogue_sha256: str
    history_sha256: str
    profile: Profile
    target: str
    verdict: Verdict
    exit_code: int
    claim: str
    trouble: str | None
    documents: dict[str, Document]
    totals: dict[Level, dict[Verdict, int]]
    requirements: list[RequirementResult]
    breadth: Breadth = Breadth()
    transitions: list[LifecycleSeen] = []
    strangers: list[str] = []
    unexpected: list[Unexpected] = []
    gave_up: list[GaveUp] = []
    token_refused: TokenRefused | None = None
    strict: bool = False
    expected: list[ExpectedEntry] = []
    claims: list[str] | None = None
    halted: Halted | None = None

    @property
    def failed(self) -> list[RequirementResult]:
        """The requirements that failed, MUST first."""
        return _by_level(row for row in self.requirements if row.verdict == "failed")

    @property
    def failing(self) -> list[RequirementResult]:
        """The requirements that fail the run, MUST first."""
        return [row for row in self.failed if row.fails(strict=self.strict)]

    @property
    def stale(self) -> list[ExpectedEntry]:
        """The entries of expected findings that fail the run."""
        return [entry for entry in self.expected if entry.stale]

    @property
    def unstable(self) -> list[RequirementResult]:
        """The requirements whose findings rest on an assumption and did not show again, MUST first."""
        return _by_level(row for row in self.requirements if row.reason == UNSTABLE)


def _by_level(rows: Iterable[RequirementResult]) -> list[RequirementResult]:
    order = {"MUST": 0, "SHOULD": 1, "MAY": 2}
    return sorted(rows, key=lambda row: order[row.level])


def to_json(results: Results) -> bytes:
    """The bytes of ``results.json``."""
    return msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n"
