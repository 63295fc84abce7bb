"""The report on the terminal: one screen where all is well, and what is broken in words where it is not."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console

from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.report.described import described_once
from batchproof.report.evidence import Narrator, levels_that_count, replay_command, unstable, warned
from batchproof.report.expected import expected_rows, stale_lines
from batchproof.report.gave_up import gave_up_lines
from batchproof.report.outcome import outcome
from batchproof.report.page import Page
from batchproof.report.printable import short, visible
from batchproof.report.terminal_full import print_everything
from batchproof.report.unexpected import unexpected_lines
from batchproof.report.unsettled import Group, contradictions, followed, groups

Detail = Literal["quiet", "brief", "full"]

_STYLES = {
    "failed": "bold red",
    "passed": "bold green",
    "inconclusive": "bold yellow",
    "not_applicable": "bold",
}
_IN_WORDS = 12
_NAMED = 3
_GROUPS = 6
_MOST = 40


def print_results(
    results: Results, history: History, console: Console, *, folder: Path | None, detail: Detail = "brief"
) -> None:
    """Prints the claim first and the verdict last. ``folder`` is where the files are.

    ``quiet`` names what failed and nothing else; ``brief`` explains it; ``full`` shows all evidence, and everything else.
    """
    page = Page(console)
    page.text(visible(results.claim), style="bold")
    if results.profile == "full":
        page.text(
            f"chosen at random with seed {history.header.seed} (--seed {history.header.seed} repeats it)"
        )
    if detail == "quiet":
        _quietly(page, results)
    elif detail == "brief":
        _briefly(page, results, history, folder)
    else:
        print_everything(page, results, history, folder)
    page.text(outcome(results), style=_STYLES[results.verdict])


def print_failures(results: Results, history: History, console: Console) -> None:
    """Prints what failed, and nothing else."""
    levels = levels_that_count(results, "and")
    rows = results.failing
    _broken(Page(console), f"Failed {levels} requirements", rows, Narrator(history), None, "failed")


def _quietly(page: Page, results: Results) -> None:
    for row in results.failing:
        page.text(f"failed: {visible(row.id)}")
    for line in stale_lines(results):
        page.text(line)


def _briefly(page: Page, results: Results, history: History, folder: Path | None) -> None:
    narrator = Narrator(history)
    levels = levels_that_count(results, "and")
    _broken(page, f"Failed {levels} requirements", results.failing, narrator, folder, "failed")
    _broken(page, "Unstable: seen once, and not again", unstable(results), narrator, folder, "inconclusive")
    _listed(page, "Expected findings that are gone or past their date", stale_lines(results), "failed")
    described = described_once(warned(results), narrator)
    _listed(page, "Warnings (they fail nothing)", (item.headline for item in described), "inconclusive")
    _listed(
        page, "Valid requests that were not answered with success", map(visible, unexpected_lines(results))
    )
    _stopped(page, results)
    if results.trouble is None:
        _listed(page, "Scenarios that gave up", map(visible, gave_up_lines(results)), of=len(results.gave_up))
        _open(page, groups(results, history))
    page.gap()
    for line in _last_lines(results, folder):
        page.text(line)
    if folder is not None:
        page.verbatim(f"reports: {visible(str(folder))}")
    page.gap()


def _broken(
    page: Page,
    title: str,
    rows: Sequence[RequirementResult],
    narrator: Narrator,
    folder: Path | None,
    verdict: str,
) -> None:
    if not rows:
        return
    _heading(page, f"{title}: {len(rows)}", verdict)
    found = described_once(rows, narrator)
    for item in found[:_IN_WORDS]:
        page.gap()
        page.verbatim(item.headline, indent=2, style="bold")
        for label, text in item.words.lines:
            page.text(text, indent=4, label=label.ljust(7))
        command = replay_command(item.finding, folder)
        if command is not None:
            page.verbatim(command, indent=4)
    if len(found) > _IN_WORDS:
        page.gap()
    for item in found[_IN_WORDS:_MOST]:
        page.verbatim(item.headline, indent=2)
    if len(found) > _MOST:
        page.text(f"and {len(found) - _MOST} more (--verbose)", indent=2)


def _heading(page: Page, title: str, verdict: str = "not_applicable") -> None:
    page.gap()
    page.text(title, style=_STYLES[verdict])


def _listed(
    page: Page, title: str, lines: Iterable[str], verdict: str = "inconclusive", *, of: int | None = None
) -> None:
    """A few of the lines, and how many things they are about: ``of``, or one each."""
    every = list(lines)
    if not every:
        return
    _heading(page, f"{title}: {len(every) if of is None else of}", verdict)
    shown = every if len(every) <= _NAMED + 1 else every[:_NAMED]
    for line in shown:
        page.text(line, indent=2)
    if len(every) > len(shown):
        page.text(f"and {len(every) - len(shown)} more (--verbose)", indent=2)


def _stopped(page: Page, results: Results) -> None:
    why = {
        "The server could not be tested": results.trouble,
        "The run stopped asking": None if results.halted is None else results.halted.described,
        "The token is refused": None if results.token_refused is None else results.token_refused.described,
    }
    title, described = next(
        ((title, described) for title, described in why.items() if described is not None), ("", None)
    )
    if described is not None:
        _heading(page, title, "inconclusive")
        page.text(short(described), indent=2)


def _open(page: Page, found: Sequence[Group]) -> None:
    if not found:
        return
    _heading(page, f"Not established: {sum(len(group.rows) for group in found)}", "inconclusive")
    shown = found if len(found) <= _GROUPS + 1 else found[:_GROUPS]
    for group in shown:
        page.text(
            f"{group.tally}: {short(group.why)}" + (f"; {short(group.option)}" if group.option else ""),
            indent=2,
        )
    if len(found) > len(shown):
        left = sum(len(group.rows) for group in found[len(shown) :])
        page.text(f"and {left} more for {len(found) - len(shown)} other reasons (--verbose)", indent=2)


def _last_lines(results: Results, folder: Path | None) -> Iterator[str]:
    expected, strangers = len(expected_rows(results)), len(results.strangers)
    if expected:
        yield f"{expected} requirement{_s(expected)} failed as expected (--verbose)"
    if strangers:
        described = (
            "1 delivery of strangers was" if strangers == 1 else f"{strangers} deliveries of strangers were"
        )
        yield f"{described} recorded, and not judged"
    rows = contradictions(results)
    if rows and results.trouble is None:
        seen = sum(bool(followed(row)) for row in rows)
        place = "summary.md" if folder is not None else "--verbose"
        yield (
            f"{len(rows)} point{_s(len(rows))} on which the documentation contradicts itself, "
            f"{seen} of them with an answer of this server: {place}"
        )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
