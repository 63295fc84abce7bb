"""What a run left open: requirements without a verdict, and what the documentation itself does not settle."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from batchproof.contract.model import Source
from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import NOT_CLAIMED
from batchproof.report.printable import visible

_REASONS: Mapping[str, str] = {
    "unstable": "findings are unstable",
    "target_error": "the server did not let a scenario come to its end",
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
    """The requirements on which the documentation contradicts itself, of those that apply."""
    return [row for row in results.requirements if row.interpretations and row.reason != NOT_CLAIMED]


def followed(row: RequirementResult) -> str:
    """Which interpretations of a contradiction the server follows, and how often that was seen; empty when it never was."""
    return ", ".join(
        f"{visible(item.interpretation)} ({item.observations})"
        for item in row.interpretations
        if item.observations
    )


def question(results: Results, row: RequirementResult) -> Iterator[str]:
    """The question to the vendor about one contradiction, ready to be sent: one paragraph or list item a line."""
    yield f"{len(row.interpretations)} places of your documentation ({results.contract}) do not agree. They are about this: {row.statement}"
    for number, item in enumerate(row.interpretations, start=1):
        yield f"({number}) {_where(results, item.source)} says: {item.says}"
    yield _seen(row)
    yield row.question or f"Which of the {len(row.interpretations)} holds?"


def _where(results: Results, source: Source) -> str:
    page = results.documents.get(source.document)
    title, address = (source.document, "") if page is None else (page.title, f" ({page.url})")
    return f"{title}, {source.section}{address},"


def _seen(row: RequirementResult) -> str:
    seen = [
        f"({number}) {item.observations} times" if item.observations > 1 else f"({number}) once"
        for number, item in enumerate(row.interpretations, start=1)
        if item.observations
    ]
    if not seen:
        return "No answer of the server showed us which one it follows."
    return f"The answers of the server agreed with {' and with '.join(seen)}."


def _group(history: History, reason: str, detail: str | None, rows: list[RequirementResult]) -> Group:
    why = _REASONS.get(reason, reason)
    for unmet in history.unmet:
        if unmet.option and detail == f"{unmet.detail} ({unmet.option})":
            return Group(visible(f"{why}: {unmet.detail}"), visible(unmet.option), rows)
    option = f"batchproof explain {rows[0].id}" if reason == "not_exercised" else ""
    return Group(visible(f"{why}: {detail}" if detail else why), option, rows)
