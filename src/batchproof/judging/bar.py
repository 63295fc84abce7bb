"""What a run is measured by, besides the contract: the levels that count, and what is expected to fail."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from batchproof.contract.expected import Expected
from batchproof.contract.moments import moment_of
from batchproof.history import Header
from batchproof.judging.results import EntryState, ExpectedEntry, Finding, RequirementResult


class Bar(NamedTuple):
    """With ``strict`` a SHOULD counts as a MUST does; ``expected`` fails nothing on ``day``, which nobody here looks up."""

    strict: bool = False
    expected: tuple[Expected, ...] = ()
    day: date | None = None


USUAL = Bar()


def day_of(header: Header) -> date | None:
    """The day, in UTC, on which a run began; None where its history does not know: deliveries that others recorded."""
    if header.webhooks == "only":
        return None
    try:
        return moment_of(header.started_at).as_datetime().date()
    except (ValueError, OverflowError):
        return None


def with_expected(row: RequirementResult, bar: Bar) -> RequirementResult:
    """``row``, of which each finding says by which entry it is expected."""
    if not any(_covers(entry, row, finding) for entry in bar.expected for finding in row.findings):
        return row
    findings = [
        msgspec.structs.replace(finding, expectation=_expectation(row, finding, bar))
        for finding in row.findings
    ]
    blamed = [finding for finding in findings if finding.blame == "server"]
    # one that proves nothing takes nothing away from what another entry excuses
    telling = [finding for finding in blamed if not finding.unstable] or blamed
    return msgspec.structs.replace(
        row, findings=findings, expected=all(finding.expectation is not None for finding in telling)
    )


def _expectation(row: RequirementResult, finding: Finding, bar: Bar) -> Expected | None:
    """The entry that holds for a finding; the one that names its fingerprint comes first."""
    holding = [entry for entry in bar.expected if _covers(entry, row, finding) and not entry.over(bar.day)]
    return min(holding, key=lambda entry: entry.fingerprint is None, default=None)


def _covers(entry: Expected, row: RequirementResult, finding: Finding) -> bool:
    named = entry.requirement == row.id or entry.fingerprint == finding.fingerprint
    return named and finding.blame == "server"


def entries(
    rows: Sequence[RequirementResult], bar: Bar, *, ended: bool, established: bool
) -> Iterator[ExpectedEntry]:
    """What became of every entry. Nothing is gone of which a run saw too little.

    A run has ``ended`` when no scenario of it was kept from its end, and ``established`` all that it owes when it tells
    of every such row whether it holds.
    """
    for entry in bar.expected:
        about = [row for row in rows if row.id == entry.requirement]
        looked = ended and (any(map(_looked_at, about)) if about else established)
        state: EntryState = "gone" if looked else "unseen"
        if any(_covers(entry, row, finding) for row in rows for finding in row.findings):
            state = "found"
        if entry.over(bar.day):
            state = "over"
        yield ExpectedEntry(state=state, **msgspec.structs.asdict(entry))


def _looked_at(row: RequirementResult) -> bool:
    """Whether a row without a finding was looked at: it passed, or the documentation alone keeps it from that."""
    return row.verdict == "passed" or (bool(row.interpretations) and row.observations > 0)
