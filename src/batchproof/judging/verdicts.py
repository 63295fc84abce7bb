"""From observations and findings to verdicts, the claim sentence and the exit code."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from batchproof.contract import Contract, owes, what_is_claimed
from batchproof.contract.model import PROFILES, Level, Requirement
from batchproof.history import START, History, Unmet
from batchproof.judging.bar import USUAL, Bar, entries, with_expected
from batchproof.judging.evidence import Evidence
from batchproof.judging.giving_up import given_up, stood_in_for
from batchproof.judging.refused import agreeing, token_refused
from batchproof.judging.results import (
    FORMAT,
    NOT_CLAIMED,
    UNSTABLE,
    VERDICTS,
    Blame,
    ExpectedEntry,
    Finding,
    GaveUp,
    Halted,
    InterpretationSeen,
    RequirementResult,
    Results,
    Shrunken,
    TokenRefused,
    Verdict,
)
from batchproof.judging.snapshots import in_order
from batchproof.judging.somebody_elses import is_recorded
from batchproof.version import __version__

_LEVELS: tuple[Level, ...] = ("MUST", "SHOULD", "MAY")
_NAMED_IN_CLAIM = 5
_NOT_AGAIN = "what contradicted it rests on an assumption about the time in between, and did not show again"
_NOT_ASKED_AGAIN = "recorded traffic is not sent again, and others may have acted in between"
_RECEIVER_OPTION = "--webhook-url URL"
_DELIVERIES_OPTION = "--webhooks FILE"


class _Reason(NamedTuple):
    reason: str
    detail: str | None


def conclude(
    contract: Contract,
    history: History,
    evidence: Evidence,
    own: Callable[[], Evidence] | None = None,
    bar: Bar = USUAL,
) -> Results:
    """The verdict on every requirement of the contract, whatever was exercised.

    ``own`` weighs what objects of this run alone show; it is asked where a scenario gave up that was to make some.
    """
    trouble = _trouble(history)
    refused = token_refused(contract, in_order(history.exchanges))
    history = history._replace(halt=agreeing(history.halt, refused))
    left_out = what_is_claimed(contract, history.header.claims).left_out
    nothing = Evidence()
    # where no API answers, what does answer breaks no contract
    blame: Blame = "configuration" if trouble else "server"
    rows = [
        _row(contract, history, nothing, requirement, blame, refused, left_out[requirement.id])
        if requirement.id in left_out
        else _row(contract, history, evidence, requirement, blame, refused)
        for requirement in contract.requirements.values()
    ]
    lost = {} if own is None else stood_in_for(contract, history)
    if own is not None and any(row.verdict == "passed" and row.id in lost for row in rows):
        shown = own().observations
        rows = [_by_own(history, row, lost.get(row.id), shown[row.id]) for row in rows]
    rows = [with_expected(row, bar) for row in rows]
    verdict, exit_code, expected = _overall(contract, history, rows, trouble, bar)
    return Results(
        format=FORMAT,
        suite=__version__,
        contract=contract.id,
        catalogue_sha256=contract.catalogue_sha256(),
        history_sha256=history.sha256,
        profile=history.header.profile,
        target=history.header.target,
        verdict=verdict,
        exit_code=exit_code,
        claim=_claim(contract, history, rows, bar),
        trouble=trouble,
        documents={
            name: page
            for name, page in contract.manifest.documents.items()
            if any(name in _cited(row) for row in rows)
        },
        totals=_totals(rows),
        requirements=rows,
        gave_up=[
            GaveUp(scenario=item.scenario, detail=item.detail, option=item.option)
            for item in given_up(history)
        ],
        token_refused=refused,
        strict=bar.strict,
        expected=expected,
        claims=history.header.claims,
        halted=_halted(history),
    )


def _halted(history: History) -> Halted | None:
    halt = history.halt
    if halt is None:
        return None
    return Halted(
        why=halt.why, since_s=halt.since_s, exchange=halt.exchange, count=halt.count, described=halt.described
    )


def _by_own(history: History, row: RequirementResult, lost: Unmet | None, shown: int) -> RequirementResult:
    """``row``, which passes by what this run made alone where that is ``lost`` in part; ``shown`` is how often it did."""
    if lost is None or shown or row.verdict != "passed":
        return row
    detail = _with_option(lost) if history.halt is None else history.halt.described
    return msgspec.structs.replace(row, verdict="inconclusive", reason="target_error", detail=detail)


def _row(
    contract: Contract,
    history: History,
    evidence: Evidence,
    requirement: Requirement,
    blame: Blame,
    refused: TokenRefused | None,
    unclaimed: Sequence[str] = (),
) -> RequirementResult:
    findings = [
        msgspec.structs.replace(
            finding, blame=blame, reproduction=_reproduction(history, requirement.id, finding)
        )
        for finding in evidence.findings(requirement.id)
    ]
    observations = evidence.observations[requirement.id]
    verdict: Verdict
    reason: _Reason | None = None
    if unclaimed:
        verdict, reason = (
            "not_applicable",
            _Reason(NOT_CLAIMED, "needs the claim of " + " and ".join(unclaimed)),
        )
    elif requirement.untestable_because is not None:
        verdict, reason = "not_applicable", _Reason("not_testable", requirement.untestable_because)
    elif requirement.interpretations and not any(finding.blame == "server" for finding in findings):
        verdict = "inconclusive"
        reason = _Reason("documentation_contradicts", _interpretations_described(requirement, evidence))
    elif any(finding.blame == "server" and not finding.unstable for finding in findings):
        verdict = "failed"
    elif any(finding.blame == "server" for finding in findings):
        verdict, reason = "inconclusive", _Reason(UNSTABLE, _NOT_AGAIN)
    elif observations and not findings:
        verdict = "passed"
    elif history.header.webhooks == "only" and not contract.only_delivered(requirement.id):
        verdict, reason = "not_applicable", _Reason("deliveries", "no delivery can show it")
    elif _left_out(requirement, history):
        verdict, reason = "not_applicable", _Reason("profile", f"owed by profile {requirement.set}")
    else:
        verdict, reason = "inconclusive", _why_unseen(contract, history, requirement, refused)
    return RequirementResult(
        id=requirement.id,
        level=requirement.level,
        aspect=requirement.aspect,
        statement=requirement.statement,
        source=requirement.source,
        verdict=verdict,
        reason=reason.reason if reason else None,
        detail=reason.detail if reason else None,
        observations=observations,
        findings=findings,
        interpretations=[
            InterpretationSeen(
                interpretation=name,
                says=interpretation.says,
                source=interpretation.source,
                observations=evidence.interpretations[requirement.id, name],
            )
            for name, interpretation in requirement.interpretations.items()
        ],
        question=requirement.question,
    )


def _reproduction(history: History, requirement: str, finding: Finding) -> Shrunken | None:
    if finding.assumption and is_recorded(history):
        # nobody asks again for what somebody else asked for
        return Shrunken(outcome="unstable", exchanges=[], detail=_NOT_ASKED_AGAIN)
    return next(
        (
            Shrunken(outcome=item.outcome, exchanges=item.exchanges, detail=item.detail)
            for item in history.reproductions
            if (item.requirement, item.fingerprint) == (requirement, finding.fingerprint)
        ),
        None,
    )


def _cited(row: RequirementResult) -> set[str]:
    return {row.source.document, *(interpretation.source.document for interpretation in row.interpretations)}


def _interpretations_described(requirement: Requirement, evidence: Evidence) -> str:
    seen = [name for name in requirement.interpretations if evidence.interpretations[requirement.id, name]]
    return (
        "the server follows: " + ", ".join(seen)
        if seen
        else "no answer showed which interpretation the server follows"
    )


def _left_out(requirement: Requirement, history: History) -> bool:
    return PROFILES.index(requirement.set) > PROFILES.index(history.header.profile)


def _why_unseen(
    contract: Contract, history: History, requirement: Requirement, refused: TokenRefused | None
) -> _Reason:
    if contract.only_delivered(requirement.id) and history.header.webhooks is None:
        if is_recorded(history):
            return _Reason("precondition_unmet", f"no delivery was given ({_DELIVERIES_OPTION})")
        return _Reason("precondition_unmet", f"no receiver of webhooks was open ({_RECEIVER_OPTION})")
    if history.halt is not None:
        return _Reason("target_error", history.halt.described)
    operations = contract.operations_of(requirement.id)
    probes = {probe.name for probe in contract.probes.values() if probe.requirement == requirement.id}
    by_probe = [item for item in history.unmet if item.probe in probes]
    by_operation = [
        item for item in history.unmet if item.probe is None and operations & set(item.operations)
    ]
    for unmet in [*_general(history), *by_probe, *by_operation]:
        if refused is not None and unmet.reason == "target_error":
            return _Reason("target_error", refused.described)
        return _Reason(unmet.reason, _with_option(unmet))
    if not history.whole:
        return _Reason("not_exercised", "the run was cut off before its end")
    if history.header.shard is not None:
        return _Reason("not_exercised", f"the run is no more than shard {history.header.shard} of its plan")
    needs = [] if requirement.testable == "black-box" else requirement.testable.needs
    return _Reason("not_exercised", "it needs " + ", ".join(needs) if needs else None)


def _with_option(unmet: Unmet) -> str:
    return f"{unmet.detail} ({unmet.option})" if unmet.option else unmet.detail


def _trouble(history: History) -> str | None:
    """The one line that says why nothing could be judged, if that is so."""
    general = _general(history)
    return general[0].detail if general else None


def _general(history: History) -> list[Unmet]:
    return [item for item in history.unmet if item.reason == "target_error" and item.scenario == START]


def _overall(
    contract: Contract, history: History, rows: Sequence[RequirementResult], trouble: str | None, bar: Bar
) -> tuple[Verdict, int, list[ExpectedEntry]]:
    """The verdict on the run, its exit code, and what became of the entries of expected findings."""
    owed = [
        row
        for row in rows
        if row.reason != NOT_CLAIMED and _owed(contract, contract.requirements[row.id], history)
    ]
    ended = trouble is None and history.halt is None and history.complete and not given_up(history)
    established = all(row.verdict in ("passed", "failed") for row in owed)
    expected = list(entries(rows, bar, ended=ended, established=established))
    if any(row.fails(strict=bar.strict) for row in rows) or any(entry.stale for entry in expected):
        return "failed", 1, expected
    unproven = any(row.unproven and row.counts(strict=bar.strict) for row in rows)
    # of drafts alone nobody has said what a server owes
    nothing = not any(row.level == "MUST" for row in rows) and _drafts(contract, rows) > 0
    if not ended or unproven or nothing or any(row.verdict != "passed" and not row.expected for row in owed):
        return "inconclusive", 3, expected
    return "passed", 0, expected


def _owed(contract: Contract, requirement: Requirement, history: History) -> bool:
    """Whether the profile's core set holds the requirement: documented, testable, settled, within the profile.

    What only a delivery can show is owed by a run that has a receiver; recorded deliveries owe what each of them shows.
    """
    webhooks = contract.manifest.webhooks
    if history.header.webhooks == "only" and (
        webhooks is None or requirement.id not in webhooks.of_every_delivery()
    ):
        return False
    received = history.header.webhooks is not None
    return owes(contract, requirement, history.header.profile, received=received)


def _totals(rows: Sequence[RequirementResult]) -> dict[Level, dict[Verdict, int]]:
    return {
        level: {
            verdict: sum(row.level == level and row.verdict == verdict for row in rows)
            for verdict in VERDICTS
        }
        for level in _LEVELS
    }


def _claim(contract: Contract, history: History, rows: Sequence[RequirementResult], bar: Bar) -> str:
    must = [row for row in rows if row.level == "MUST"]
    by: Mapping[str, list[str]] = {
        verdict: [row.id for row in must if row.verdict == verdict] for verdict in VERDICTS
    }
    parts = [
        f"{len(by['failed'])} failed{_expected(must)}",
        f"{len(by['inconclusive'])} inconclusive" + _names(by["inconclusive"]),
    ]
    untestable = sum(row.reason == "not_testable" for row in must)
    if untestable:
        parts.append(f"{untestable} not testable from outside")
    beyond = sum(row.reason == "deliveries" for row in must)
    if beyond:
        parts.append(f"{beyond} not shown by deliveries")
    drafts = _drafts(contract, rows)
    unclaimed = sum(row.reason == NOT_CLAIMED for row in must)
    if unclaimed:
        parts.append(f"{unclaimed} not claimed")
    left_out = len(by["not_applicable"]) - untestable - beyond - unclaimed
    if left_out:
        parts.append(f"{left_out} left out by the profile")
    if drafts:
        parts.append(f"{drafts} of {len(rows)} requirements are drafts, and fail nothing")
    if bar.strict:
        should = [row for row in rows if row.level == "SHOULD"]
        broken = sum(row.verdict == "failed" for row in should)
        parts.append(f"{broken} of {len(should)} SHOULD failed{_expected(should)}")
    claims = history.header.claims
    measure = (f", claims {', '.join(claims)}" if claims else "") + (
        ", strict: SHOULD counts too" if bar.strict else ""
    )
    cut = "" if history.whole else "cut off before its end; "
    if history.header.shard is not None:
        cut += f"no more than shard {history.header.shard} of its plan; "
    return (
        f"meets {len(by['passed'])} of {len(must)} MUST requirements of {contract.id} "
        f"(profile {history.header.profile}{measure}); {', '.join(parts)}; {cut}history sha256:{history.sha256}"
    )


def _drafts(contract: Contract, rows: Sequence[RequirementResult]) -> int:
    """Of how many rows nobody has judged level and sentence yet."""
    return sum(contract.requirements[row.id].draft for row in rows)


def _expected(rows: Sequence[RequirementResult]) -> str:
    expected = sum(row.verdict == "failed" and row.expected for row in rows)
    return f" ({expected} expected)" if expected else ""


def _names(identifiers: Sequence[str]) -> str:
    if not identifiers:
        return ""
    more = len(identifiers) - _NAMED_IN_CLAIM
    named = ", ".join(identifiers[:_NAMED_IN_CLAIM])
    return f" ({named} and {more} more)" if more > 0 else f" ({named})"
