"""What changed between two runs of one contract: a pure function of their results."""

import json
from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import Struct

from batchproof.contract.model import Level
from batchproof.errors import BatchproofError
from batchproof.history.inert import inert
from batchproof.json_values import Json
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import NOT_CLAIMED, Verdict

FORMAT = "batchproof-comparison/1"

Kind = Literal[
    "newly_failed", "other_findings", "no_longer_established", "mended", "newly_established", "open"
]
KINDS: tuple[Kind, ...] = (
    "newly_failed",
    "other_findings",
    "no_longer_established",
    "mended",
    "newly_established",
    "open",
)
# what a run was not asked to look at says nothing of the server
_NOT_ASKED = frozenset({"profile", NOT_CLAIMED})


class Side(Struct, frozen=True, kw_only=True):
    """One of the two runs."""

    run: str
    target: str
    profile: str
    verdict: Verdict
    catalogue_sha256: str
    history_sha256: str


class FindingSeen(Struct, frozen=True, kw_only=True):
    """A finding that only one of two runs has. ``known`` says that somebody expects it."""

    fingerprint: str
    message: str
    pointer: str
    observed: Json
    known: bool


class RowChange(Struct, frozen=True, kw_only=True):
    """A requirement on which two runs differ. ``worse`` says that it makes the second run the worse one."""

    requirement: str
    level: Level
    statement: str
    kind: Kind
    before: Verdict
    after: Verdict
    worse: bool
    reason: str | None
    new_findings: list[FindingSeen]
    gone_findings: list[FindingSeen]


class Catalogues(Struct, frozen=True, kw_only=True):
    """The requirements of the two runs: how many both have, and which only one has."""

    same: bool
    shared: int
    only_before: list[str]
    only_after: list[str]


class Comparison(Struct, frozen=True, kw_only=True):
    """Everything that a report on two runs needs. ``schemas/batchproof/comparison.json`` describes it as a file."""

    format: str
    contract: str
    before: Side
    after: Side
    catalogues: Catalogues
    worse: bool
    changes: list[RowChange]

    def of(self, kind: Kind) -> list[RowChange]:
        """The changes of one kind, the worst first."""
        return [change for change in self.changes if change.kind == kind]


class DifferentContractsError(BatchproofError):
    """The two runs are of different contracts. The message is one line with the remedy."""


def compare(before: Results, after: Results, runs: tuple[str, str]) -> Comparison:
    """What changed from the run ``before`` to the run ``after``; ``runs`` are their names.

    Raises ``DifferentContractsError``.
    """
    if before.contract != after.contract:
        raise DifferentContractsError(
            f"{runs[1]}: is a run of {after.contract}, and {runs[0]} one of {before.contract}; "
            "give two runs of one contract, or compare the contracts with batchproof upgrade"
        )
    first = {row.id: row for row in before.requirements}
    second = {row.id: row for row in after.requirements}
    shared = [name for name in second if name in first]
    changes = [
        change for name in shared if (change := _change(first[name], second[name], strict=after.strict))
    ]
    changes.sort(key=lambda change: (KINDS.index(change.kind), not change.worse, _LEVELS[change.level]))
    return Comparison(
        format=FORMAT,
        contract=after.contract,
        before=_side(before, runs[0]),
        after=_side(after, runs[1]),
        catalogues=Catalogues(
            same=before.catalogue_sha256 == after.catalogue_sha256,
            shared=len(shared),
            only_before=[name for name in first if name not in second],
            only_after=[name for name in second if name not in first],
        ),
        worse=any(change.worse for change in changes),
        changes=changes,
    )


_LEVELS: dict[Level, int] = {"MUST": 0, "SHOULD": 1, "MAY": 2}


def _side(results: Results, run: str) -> Side:
    return Side(
        run=run,
        target=results.target,
        profile=results.profile,
        verdict=results.verdict,
        catalogue_sha256=results.catalogue_sha256,
        history_sha256=results.history_sha256,
    )


def _change(before: RequirementResult, after: RequirementResult, *, strict: bool) -> RowChange | None:
    """The difference of one requirement, or None when there is none."""
    new = _only(after.findings, before.findings)
    gone = _only(before.findings, after.findings)
    kind = _kind(before.verdict, after.verdict, differs=bool(new or gone))
    if kind is None:
        return None
    return RowChange(
        requirement=after.id,
        level=after.level,
        statement=after.statement,
        kind=kind,
        before=before.verdict,
        after=after.verdict,
        worse=_worse(kind, after, new, strict=strict),
        reason=after.reason,
        new_findings=new,
        gone_findings=gone,
    )


def _only(findings: Iterable[Finding], others: Iterable[Finding]) -> list[FindingSeen]:
    known = {finding.fingerprint for finding in others}
    return [
        FindingSeen(
            fingerprint=finding.fingerprint,
            message=finding.message,
            pointer=finding.pointer,
            observed=finding.observed,
            known=finding.expectation is not None,
        )
        for finding in findings
        if finding.fingerprint not in known
    ]


def _kind(before: Verdict, after: Verdict, *, differs: bool) -> Kind | None:
    match before, after:
        case "failed", "failed":
            return "other_findings" if differs else None
        case _, "failed":
            return "newly_failed"
        case "failed", "passed":
            return "mended"
        case "failed", _:
            return "open"
        case "passed", "passed":
            return None
        case "passed", _:
            return "no_longer_established"
        case _, "passed":
            return "newly_established"
    return None


def _worse(kind: Kind, after: RequirementResult, new: list[FindingSeen], *, strict: bool) -> bool:
    """What is expected fails no run, and what a run was not asked to look at is no news."""
    if kind in ("newly_failed", "other_findings"):
        return any(not finding.known for finding in new) or (kind == "newly_failed" and not after.expected)
    if kind == "no_longer_established":
        return after.counts(strict=strict) and after.reason not in _NOT_ASKED
    return False


def to_json(comparison: Comparison) -> bytes:
    """The bytes of the file."""
    return inert(json.dumps(msgspec.to_builtins(comparison), indent=2)).encode() + b"\n"
