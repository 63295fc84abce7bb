"""The last line: what came out, and the exit code."""

from batchproof.judging import Results
from batchproof.report.evidence import levels_that_count
from batchproof.report.expected import expected_rows


def outcome(results: Results) -> str:
    """The verdict on the whole run in one line."""
    code = f"(exit {results.exit_code})"
    if results.verdict == "failed":
        return f"FAILED: {' and '.join(_why_failed(results))} {code}"
    if results.verdict == "passed":
        of = f" of {', '.join(results.claims)}" if results.claims else ""
        return (
            f"PASSED: every MUST requirement{of} that profile {results.profile} owes is met"
            f"{_but(results)} {code}"
        )
    if results.trouble is not None:
        return f"INCONCLUSIVE: the server could not be tested {code}"
    if results.halted is not None and results.halted.why == "unreachable":
        return f"INCONCLUSIVE: the server does not answer since second {results.halted.since_s:.1f} {code}"
    unseen = sum(
        row.level == "MUST" and row.verdict == "inconclusive" and not row.interpretations and not row.expected
        for row in results.requirements
    )
    if results.token_refused is not None:
        return f"INCONCLUSIVE: the token is refused since second {results.token_refused.since_s:.1f} {code}"
    if unseen:
        verb = "was" if unseen == 1 else "were"
        return f"INCONCLUSIVE: {_counted(unseen)} {verb} not established {code}"
    if results.gave_up:
        count = len(results.gave_up)
        return f"INCONCLUSIVE: {count} scenario{'' if count == 1 else 's'} gave up {code}"
    if any(row.unproven and row.counts(strict=results.strict) for row in results.requirements):
        return f"INCONCLUSIVE: a finding is unstable {code}"
    if not any(row.level == "MUST" for row in results.requirements):
        return (
            f"INCONCLUSIVE: the contract has no MUST requirement yet, so that nothing was established {code}"
        )
    return f"INCONCLUSIVE: the run was cut off before its end {code}"


def _why_failed(results: Results) -> list[str]:
    failing = len(results.failing)
    levels = levels_that_count(results, "or")
    parts = [f"{_counted(failing, levels)} failed"] if failing else []
    for state, described in (("gone", "gone"), ("over", "past the date")):
        count = sum(entry.state == state for entry in results.stale)
        if count:
            verb = "finding is" if count == 1 else "findings are"
            parts.append(f"{count} expected {verb} {described}")
    return parts


def _but(results: Results) -> str:
    """What else has to be said of a run that passed."""
    expected = sum(row.counts(strict=results.strict) for row in expected_rows(results))
    strict = ", no SHOULD failed" if results.strict else ""
    return f"{strict}, but for {expected} expected to fail" if expected else strict


def _counted(number: int, levels: str = "MUST") -> str:
    return f"{number} {levels} requirement{'' if number == 1 else 's'}"
