"""The report on the terminal with everything that there is to say: what ``--verbose`` prints."""

from pathlib import Path

from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.report.breadth import breadth_lines
from batchproof.report.evidence import (
    Evidence,
    Narrator,
    levels_that_count,
    replay_command,
    unstable,
    warned,
)
from batchproof.report.expected import expected_rows, stale_lines, unseen_line, why_expected
from batchproof.report.gave_up import gave_up_lines
from batchproof.report.page import Page
from batchproof.report.printable import short, visible
from batchproof.report.steps import terminal_lines
from batchproof.report.unexpected import unexpected_lines
from batchproof.report.unsettled import contradictions, followed, groups

_FAILED = "bold red"
_OPEN = "bold yellow"
_LABEL = 10


def print_everything(page: Page, results: Results, history: History, folder: Path | None) -> None:
    """All that there is to say between the claim and the verdict. ``folder`` is where the files are."""
    _failures(page, results, Narrator(history), folder)
    _expected(page, results, Narrator(history))
    _unexpected(page, results)
    _gave_up(page, results)
    _inconclusive(page, results, history)
    _interpretations(page, results, folder)
    _steps(page, results)
    _breadth(page, results)
    if results.strangers:
        _heading(page, f"Deliveries of strangers, recorded and not judged: {len(results.strangers)}")
    if folder is not None:
        _heading(page, "Reports (report.html, summary.md, junit.xml, results.json)")
        page.verbatim(visible(str(folder)), indent=2)
    page.gap()


def _heading(page: Page, title: str, style: str = "bold") -> None:
    page.gap()
    page.text(title, style=style)


def _failures(page: Page, results: Results, narrator: Narrator, folder: Path | None) -> None:
    if results.failing:
        levels = levels_that_count(results, "and")
        _heading(page, f"Failed {levels} requirements: {len(results.failing)}", _FAILED)
    for row in results.failing:
        page.gap()
        _stated(page, row)
        for number, evidence in enumerate(narrator.evidence(row)):
            if number:
                page.gap()
            _evidence(page, evidence, folder)
    unproven = unstable(results)
    if unproven:
        _heading(page, f"Unstable: {len(unproven)}", _OPEN)
        page.text(
            "They rest on an assumption about the time between two requests, and did not show again.",
            indent=2,
        )
    for row in unproven:
        page.gap()
        _stated(page, row)
        for evidence in narrator.evidence(row):
            _evidence(page, evidence, folder)
    warnings = warned(results)
    if warnings:
        levels = "MAY, they fail" if results.strict else "SHOULD and MAY, they fail"
        _heading(page, f"Warnings ({levels} nothing): {len(warnings)}", _OPEN)
    for row in warnings:
        _briefly(page, row, narrator)


def _expected(page: Page, results: Results, narrator: Narrator) -> None:
    rows, unseen = expected_rows(results), unseen_line(results)
    if rows or unseen:
        _heading(page, f"Expected findings (they fail nothing): {len(rows)}", _OPEN)
    for row in rows:
        _briefly(page, row, narrator)
    if unseen:
        page.gap()
        page.text(unseen, indent=2)
    lines = stale_lines(results)
    if lines:
        _heading(page, f"Expected findings that are gone or past their date: {len(lines)}", _FAILED)
    for line in lines:
        page.text(line, indent=2)


def _briefly(page: Page, row: RequirementResult, narrator: Narrator) -> None:
    page.gap()
    _stated(page, row)
    for evidence in narrator.evidence(row):
        _labelled(page, "observed", evidence.observed)
        for line in evidence.exchanges[:1]:
            _labelled(page, "exchange", line)
        if evidence.finding.expectation is not None:
            _labelled(page, "known", why_expected(evidence.finding.expectation))


def _stated(page: Page, row: RequirementResult) -> None:
    page.text(f"{visible(row.id)} ({row.level})", indent=2, style="bold")
    page.text(visible(row.statement), indent=4)


def _evidence(page: Page, evidence: Evidence, folder: Path | None) -> None:
    for label, text in evidence.lines():
        _labelled(page, label, text)
    if evidence.curl is not None:
        page.text("repeat it:", indent=4)
        page.verbatim(evidence.curl, indent=4)
    command = replay_command(evidence.finding, folder)
    if command is not None:
        page.verbatim(command, indent=4)


def _labelled(page: Page, label: str, text: str) -> None:
    page.text(text, indent=4, label=label.ljust(_LABEL))


def _inconclusive(page: Page, results: Results, history: History) -> None:
    if results.trouble is not None:
        _heading(page, "The server could not be tested", _OPEN)
        page.text(short(results.trouble), indent=2)
        return
    found = groups(results, history)
    if found:
        _heading(page, f"Inconclusive: {sum(len(group.rows) for group in found)}", _OPEN)
    for group in found:
        page.gap()
        page.text(f"{group.tally}: {group.why}", indent=2)
        if group.option:
            page.text(f"option: {group.option}", indent=4)
        page.text(", ".join(visible(row.id) for row in group.rows), indent=4)


def _gave_up(page: Page, results: Results) -> None:
    if results.halted is not None:
        _heading(page, "The run stopped asking", _OPEN)
        page.text(visible(results.halted.described), indent=2)
    elif results.token_refused is not None:
        _heading(page, "The token is refused", _OPEN)
        page.text(visible(results.token_refused.described), indent=2)
    if results.gave_up and results.trouble is None:
        _heading(page, f"Scenarios that gave up: {len(results.gave_up)}", _OPEN)
        for line in gave_up_lines(results):
            page.text(visible(line), indent=2)


def _unexpected(page: Page, results: Results) -> None:
    lines = unexpected_lines(results)
    if lines:
        _heading(page, "Valid requests that were not answered with success", _OPEN)
    for line in lines:
        page.text(visible(line), indent=2)


def _breadth(page: Page, results: Results) -> None:
    lines = list(breadth_lines(results))
    if lines:
        _heading(page, "Breadth")
    for line in lines:
        page.text(line, indent=2)


def _steps(page: Page, results: Results) -> None:
    lines = list(terminal_lines(results)) if results.trouble is None else []
    if lines:
        page.gap()
    for line in lines:
        page.text(line)


def _interpretations(page: Page, results: Results, folder: Path | None) -> None:
    rows = contradictions(results)
    if not rows or results.trouble is not None:
        return
    _heading(page, f"What the documentation does not settle: {len(rows)}")
    seen = [f"{visible(row.id)}: {followed(row)}" for row in rows if followed(row)]
    if seen:
        page.text(
            f"{len(seen)}: answers show which interpretation the server follows, and how often", indent=2
        )
        page.text("; ".join(seen), indent=4)
    unseen = [visible(row.id) for row in rows if not followed(row)]
    if unseen:
        page.text(f"{len(unseen)}: no answer showed which interpretation the server follows", indent=2)
        page.text(", ".join(unseen), indent=4)
    place = (
        "summary.md" if folder is not None else "the summary.md of `batchproof judge HISTORY --output DIR`"
    )
    page.text(f"For each of them {place} has a question that can be sent to the vendor.", indent=2)
