"""A comment for a pull request: the verdict, what is broken, and what was not established, in GitHub's Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence

from batchproof.contract.model import Source
from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import VERDICTS
from batchproof.report.described import Described, described_once
from batchproof.report.evidence import Narrator, levels_that_count, unstable, warned
from batchproof.report.expected import expected_rows, stale_lines
from batchproof.report.markup import code, link, quiet
from batchproof.report.outcome import outcome
from batchproof.report.printable import short
from batchproof.report.unsettled import groups

# GitHub refuses a comment of more than 65,536 characters
LIMIT = 65_536
# what remains is for the lines that say how much is missing
_ENOUGH = 60_000
_IN_WORDS = 20
_NAMED = 50
_GROUPS = 10
_CLAIM = 2_000
# two hyphens would end it
_UNSAFE = re.compile(r"[^A-Za-z0-9._/-]+|-{2,}")


def comment(results: Results, history: History) -> str:
    """The text of ``comment.md``. It begins with ``marker``, by which whoever posts it finds the comment to update."""
    narrator = Narrator(history)
    levels = levels_that_count(results, "and")
    text = "\n".join(
        [
            marker(results.contract),
            f"### {quiet(results.contract)}: {quiet(outcome(results))}",
            "",
            quiet(short(results.claim, _CLAIM)),
            "",
            *_totals(results),
        ]
    )
    for title, blocks in (
        (
            f"Failed {levels} requirements: {len(results.failing)}",
            list(_broken(results, results.failing, narrator)),
        ),
        (
            "Expected findings that are gone or past their date",
            [f"* {quiet(short(line))}" for line in stale_lines(results)],
        ),
        ("Unstable: seen once, and not again", list(_headlines(unstable(results), narrator))),
        ("Warnings (they fail nothing)", list(_headlines(warned(results), narrator))),
        ("Why the run saw too little", [f"* {quiet(short(line))}" for line in _trouble(results)]),
        ("Not established", list(_open(results, history))),
    ):
        if blocks:
            text = _with(text, f"\n\n#### {title}\n", blocks)
    known = len(expected_rows(results))
    last = f"Failed as expected: {known}. " if known else ""
    return f"{text}\n\n{last}`report.html` and `summary.md` of the run have the evidence, and the commands that repeat it.\n"


def marker(contract: str) -> str:
    """The first line of a comment on a run of ``contract``, which nobody sees."""
    return f"<!-- batchproof {_UNSAFE.sub('.', contract)} -->"


def _with(text: str, title: str, blocks: Sequence[str]) -> str:
    """``text`` and as many of ``blocks`` as are not too much."""
    if len(text) + len(title) > _ENOUGH:
        return text
    text += title
    for number, block in enumerate(blocks):
        if len(text) + len(block) > _ENOUGH:
            return f"{text}\n* and {len(blocks) - number} more"
        text += f"\n{block}"
    return text


def _totals(results: Results) -> Iterator[str]:
    yield "| level | " + " | ".join(verdict.replace("_", " ") for verdict in VERDICTS) + " |"
    yield "|---|" + "---:|" * len(VERDICTS)
    for level, counts in results.totals.items():
        yield f"| {level} | " + " | ".join(str(counts[verdict]) for verdict in VERDICTS) + " |"


def _broken(results: Results, rows: Iterable[RequirementResult], narrator: Narrator) -> Iterator[str]:
    found = described_once(rows, narrator)
    for item in found[:_IN_WORDS]:
        source = item.rows[0].source
        yield "\n".join([f"* **{quiet(item.headline)}**", *_lines(item), f"  * {_cited(source, results)}"])
    yield from _cut([f"* {quiet(item.headline)}" for item in found[_IN_WORDS:]])


def _lines(item: Described) -> Iterator[str]:
    for label, text in item.words.lines:
        yield f"  * {label} {quiet(text) if label == 'says' else code(text)}"


def _cited(source: Source, results: Results) -> str:
    page = results.documents.get(source.document)
    title = code(source.document) if page is None else link(page.title, page.url)
    return f"source {title}, {quiet(source.section)}"


def _headlines(rows: Iterable[RequirementResult], narrator: Narrator) -> Iterator[str]:
    yield from _cut([f"* {quiet(item.headline)}" for item in described_once(rows, narrator)])


def _cut(lines: list[str]) -> Iterator[str]:
    yield from lines[:_NAMED]
    if len(lines) > _NAMED:
        yield f"* and {len(lines) - _NAMED} more"


def _trouble(results: Results) -> Iterator[str]:
    if results.trouble is not None:
        yield f"the server could not be tested: {results.trouble}"
    if results.halted is not None:
        yield f"the run stopped asking: {results.halted.described}"
    elif results.token_refused is not None:
        yield results.token_refused.described
    if results.gave_up:
        yield f"scenarios gave up: {len(results.gave_up)}, the first because {results.gave_up[0].detail}"


def _open(results: Results, history: History) -> Iterator[str]:
    found = [] if results.trouble is not None else groups(results, history)
    for group in found[:_GROUPS]:
        option = f"; {code(short(group.option))}" if group.option else ""
        yield f"* {group.tally}: {quiet(short(group.why))}{option}"
    if len(found) > _GROUPS:
        left = sum(len(group.rows) for group in found[_GROUPS:])
        yield f"* and {left} more for {len(found) - _GROUPS} other reasons"
