"""The last line: what came out, and the exit code."""

from batchproof.judge import Results
from batchproof.report.evidence import failed_must


def outcome(results: Results) -> str:
    """The verdict on the whole run in one line."""
    code = f"(exit {results.exit_code})"
    if results.verdict == "failed":
        return f"FAILED: {_counted(len(failed_must(results)))} failed {code}"
    if results.verdict == "passed":
        return f"PASSED: every MUST requirement that profile {results.profile} owes is met {code}"
    if results.trouble is not None:
        return f"INCONCLUSIVE: the server could not be tested {code}"
    if results.halted is not None and results.halted.why == "unreachable":
        return f"INCONCLUSIVE: the server does not answer since second {results.halted.since_s:.1f} {code}"
    unseen = sum(
        row.level == "MUST" and row.verdict == "inconclusive" and not row.readings
        for row in results.requirements
    )
    if results.token_refused is not None:
        return f"INCONCLUSIVE: the token is refused since second {results.token_refused.since_s:.1f} {code}"
    if not unseen and results.gave_up:
        count = len(results.gave_up)
        return f"INCONCLUSIVE: {count} scenario{'' if count == 1 else 's'} gave up {code}"
    if not unseen:
        return f"INCONCLUSIVE: the run was cut off before its end {code}"
    verb = "was" if unseen == 1 else "were"
    return f"INCONCLUSIVE: {_counted(unseen)} {verb} not established {code}"


def _counted(number: int) -> str:
    return f"{number} MUST requirement{'' if number == 1 else 's'}"
