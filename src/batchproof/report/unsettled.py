"""What a run left open: requirements without a verdict, grouped by the reason that they share."""

from collections.abc import Mapping
from typing import NamedTuple

from batchproof.history import History
from batchproof.judge import RequirementResult, Results
from batchproof.report.printable import visible

_REASONS: Mapping[str, str] = {
    "target_error": "the server could not be tested",
    "budget_exhausted": "a limit of the run was reached",
    "precondition_unmet": "a precondition was not met",
    "not_exercised": "nothing in this run exercised them",
}
_CONTRADICTS = "documentation_contradicts"


class Group(NamedTuple):
    """Requirements that stayed inconclusive for one reason. ``option`` is what would change it."""

    why: str
    option: str
    rows: list[RequirementResult]

    @property
    def tally(self) -> str:
        """How many there are, by level."""
        levels = [row.level for row in self.rows]
        return ", ".join(
            f"{levels.count(level)} {level}" for level in ("MUST", "SHOULD", "MAY") if level in levels
        )


def groups(results: Results, history: History) -> list[Group]:
    """The inconclusive requirements by reason and detail. What the documentation leaves open is not among them."""
    found: dict[tuple[str, str | None], list[RequirementResult]] = {}
    for row in results.requirements:
        if row.verdict == "inconclusive" and row.reason != _CONTRADICTS:
            found.setdefault((row.reason or "not_exercised", row.detail), []).append(row)
    order = list(_REASONS)
    ranked = sorted(found, key=lambda key: order.index(key[0]) if key[0] in order else len(order))
    return [_group(history, reason, detail, found[reason, detail]) for reason, detail in ranked]


def contradictions(results: Results) -> list[RequirementResult]:
    """The requirements on which the documentation contradicts itself."""
    return [row for row in results.requirements if row.readings]


def _group(history: History, reason: str, detail: str | None, rows: list[RequirementResult]) -> Group:
    why = _REASONS.get(reason, reason)
    for unmet in history.unmet:
        if unmet.option and detail == f"{unmet.detail} ({unmet.option})":
            return Group(visible(f"{why}: {unmet.detail}"), visible(unmet.option), rows)
    option = f"batchproof explain {rows[0].id}" if reason == "not_exercised" else ""
    return Group(visible(f"{why}: {detail}" if detail else why), option, rows)
