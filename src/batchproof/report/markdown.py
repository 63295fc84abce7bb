"""``summary.md``: the judgement for people, as Markdown."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from batchproof.contract.model import Document, Source
from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import VERDICTS
from batchproof.report.breadth import breadth_table
from batchproof.report.evidence import Narrator, levels_that_count, unstable, warned
from batchproof.report.expected import expected_rows, stale_lines, unseen_line
from batchproof.report.gave_up import gave_up_lines
from batchproof.report.markup import block, cell, code, link, plain
from batchproof.report.outcome import outcome
from batchproof.report.printable import visible
from batchproof.report.steps import table
from batchproof.report.unexpected import unexpected_lines
from batchproof.report.unsettled import contradictions, followed, groups, question

_IN_CODE = frozenset({"found", "expected", "observed", "at", "exchange"})


def summary(results: Results, history: History) -> str:
    """The text of ``summary.md``."""
    documents = results.documents
    narrator = Narrator(history)
    lines = [
        f"# {plain(results.contract)}: {plain(outcome(results))}",
        "",
        plain(results.claim),
        "",
        *_facts(results, history),
        "",
        *_totals(results),
        *_section(
            f"{levels_that_count(results, 'and')} requirements that failed",
            _rows(results.failing, narrator, documents),
        ),
        *_section(
            "Expected findings that are gone or past their date",
            (f"* {plain(line)}" for line in stale_lines(results)),
        ),
        *_section("Expected findings", _expected(results, narrator)),
        *_section("Unstable: seen once, and not again", _rows(unstable(results), narrator, documents)),
        *_section(
            "Warnings: MAY" if results.strict else "Warnings: SHOULD and MAY",
            _rows(warned(results), narrator, documents),
        ),
        *_section(
            "Valid requests that were not answered with success",
            (f"* {plain(line)}" for line in unexpected_lines(results)),
        ),
        *_section(
            "The run stopped asking", [] if results.halted is None else [plain(results.halted.described)]
        ),
        *_section("The token is refused", [] if results.halted is not None else _token_refused(results)),
        *_section("Scenarios that gave up", (f"* {plain(line)}" for line in gave_up_lines(results))),
        *_section("Inconclusive", _inconclusive(results, history)),
        *_section("What the documentation does not settle", _interpretations(results, documents)),
        *_section("Breadth", breadth_table(results)),
        *_section("Steps of life cycles", table(results)),
        *_section("Sources", _sources(results, documents)),
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    content = list(lines)
    return ["", f"## {title}", "", *content] if content else []


def _facts(results: Results, history: History) -> Iterator[str]:
    yield f"* Target: {code(results.target)}"
    yield f"* Started: {code(history.header.started_at)}, profile {results.profile}, seed {history.header.seed}, {len(history.exchanges)} exchanges"
    if history.deliveries:
        strange = f", {len(results.strangers)} of them from strangers" if results.strangers else ""
        yield f"* Deliveries of webhooks: {len(history.deliveries)}{strange}"
    if not history.whole:
        yield "* The run was cut off before its end."
    if history.header.shard is not None:
        yield f"* The run is no more than shard {history.header.shard} of its plan."


def _totals(results: Results) -> Iterator[str]:
    yield "| level | " + " | ".join(verdict.replace("_", " ") for verdict in VERDICTS) + " |"
    yield "|---|" + "---:|" * len(VERDICTS)
    for level, counts in results.totals.items():
        yield f"| {level} | " + " | ".join(str(counts[verdict]) for verdict in VERDICTS) + " |"


def _rows(
    rows: Iterable[RequirementResult], narrator: Narrator, documents: Mapping[str, Document]
) -> Iterator[str]:
    for row in rows:
        yield f"### {code(row.id)} ({row.level})"
        yield ""
        yield f"{plain(row.statement)} ({_cited(row.source, documents)})"
        yield ""
        for evidence in narrator.evidence(row):
            for label, text in evidence.lines():
                yield f"* {label}: {code(text) if label in _IN_CODE else plain(text)}"
            yield ""
            if evidence.curl is not None:
                yield block(evidence.curl, "sh")
                yield ""


def _expected(results: Results, narrator: Narrator) -> Iterator[str]:
    yield from _rows(expected_rows(results), narrator, results.documents)
    if unseen_line(results):
        yield f"* {plain(unseen_line(results))}"


def _inconclusive(results: Results, history: History) -> Iterator[str]:
    if results.trouble is not None:
        yield f"The server could not be tested: {code(results.trouble)}"
        return
    for group in groups(results, history):
        yield f"* {group.tally}: {plain(group.why)}."
        if group.option:
            yield f"  Option: {code(group.option)}."
        yield "  " + ", ".join(code(row.id) for row in group.rows)


def _token_refused(results: Results) -> Iterator[str]:
    if results.token_refused is not None:
        yield plain(results.token_refused.described)


def _interpretations(results: Results, documents: Mapping[str, Document]) -> Iterator[str]:
    for row in contradictions(results):
        yield f"### {code(row.id)}"
        yield ""
        yield f"{plain(row.statement)} ({_cited(row.source, documents)})"
        yield ""
        described = followed(row)
        yield (
            f"This server follows: {code(described)}."
            if described
            else "No answer showed which one this server follows."
        )
        yield ""
        yield "| interpretation | what it says | where | seen |"
        yield "|---|---|---|---:|"
        for item in row.interpretations:
            where = _cited(item.source, documents, name=cell)
            yield f"| {cell(item.interpretation)} | {plain(item.says)} | {where} | {item.observations} |"
        yield ""
        yield "To ask the vendor:"
        yield ""
        yield block("\n".join(visible(line) for line in question(results, row)), "text")
        yield ""


def _sources(results: Results, documents: Mapping[str, Document]) -> Iterator[str]:
    cited = {row.source.document for row in results.requirements} | {
        interpretation.source.document
        for row in results.requirements
        for interpretation in row.interpretations
    }
    for name in sorted(cited):
        page = documents.get(name)
        yield f"* {code(name)}" if page is None else f"* {code(name)}: {link(page.title, page.url)}"


def _cited(source: Source, documents: Mapping[str, Document], *, name: Callable[[str], str] = code) -> str:
    page = documents.get(source.document)
    title = name(source.document) if page is None else link(page.title, page.url)
    return f"{title}, {plain(source.section)}"
