"""Puts the sections of ``report.html`` together."""

from collections.abc import Iterator

from batchproof.contract import Contract
from batchproof.history import History
from batchproof.judging import RequirementResult, Results
from batchproof.judging.results import NOT_CLAIMED, VERDICTS
from batchproof.report.expected import stale_lines, unseen_line
from batchproof.report.gave_up import gave_up_lines
from batchproof.report.grid import ASPECTS
from batchproof.report.html.cards import Cards
from batchproof.report.html.citing import cited
from batchproof.report.html.lifecycles import pictures
from batchproof.report.html.operations import table
from batchproof.report.html.pace import pace
from batchproof.report.html.records import Records
from batchproof.report.html.rendering import render
from batchproof.report.html.reproducing import commands, facts
from batchproof.report.markup import web_address
from batchproof.report.outcome import outcome
from batchproof.report.unexpected import unexpected_lines
from batchproof.report.unsettled import contradictions, followed, groups, question

_LEFT_OUT = {
    NOT_CLAIMED: "the server does not claim what they are about",
    "not_testable": "nothing outside the server can show them",
    "profile": "the profile leaves them out",
}


def html_report(contract: Contract, results: Results, history: History) -> str:
    """The text of ``report.html``: the same for the same history, whenever it is made."""
    contract = contract.whole
    records = Records(history)
    return render(
        "report.html",
        results=results,
        header=history.header,
        outcome=outcome(results),
        totals=[
            (level, [counts[verdict] for verdict in VERDICTS]) for level, counts in results.totals.items()
        ],
        verdicts=VERDICTS,
        findings=Cards(contract, results, history, records).groups(),
        stale=stale_lines(results),
        unseen=unseen_line(results),
        unexpected=unexpected_lines(results),
        trouble=list(_trouble(results, history)),
        gave_up=gave_up_lines(results),
        open_groups=[] if results.trouble is not None else groups(results, history),
        left_out=list(_left_out(contract, results)),
        aspects=ASPECTS,
        operations=table(contract, results),
        lifecycles=pictures(contract, results, records),
        unsettled=[
            (row, cited(row.source, results.documents), followed(row), list(question(results, row)))
            for row in contradictions(results)
        ],
        pace=pace(history),
        facts=facts(results, history),
        commands=commands(results, history),
        sources=[
            (name, page.title, web_address(page.url))
            for name, page in sorted(results.documents.items())
            if name in _cited_pages(results)
        ],
        cited=lambda source: cited(source, results.documents),
    )


def _trouble(results: Results, history: History) -> Iterator[str]:
    """Why the run could not see all that it was to see."""
    if results.trouble is not None:
        yield f"The server could not be tested: {results.trouble}"
    if results.halted is not None:
        yield f"The run stopped asking: {results.halted.described}"
    elif results.token_refused is not None:
        yield f"The token is refused: {results.token_refused.described}"
    if not history.whole:
        yield "The run was cut off before its end."
    if history.header.shard is not None:
        yield f"The run is no more than shard {history.header.shard} of its plan."
    if results.strangers:
        yield f"Deliveries of strangers, recorded and not judged: {len(results.strangers)}."


def _left_out(contract: Contract, results: Results) -> Iterator[tuple[str, list[RequirementResult], str]]:
    """The requirements that do not apply, by the reason, and the option that would have them judged."""
    found: dict[tuple[str, str], list[RequirementResult]] = {}
    for row in results.requirements:
        if row.verdict == "not_applicable":
            known = contract.requirements.get(row.id)
            option = f"--profile {known.set}" if row.reason == "profile" and known is not None else ""
            found.setdefault((row.reason or "", option), []).append(row)
    for (reason, option), rows in found.items():
        yield _LEFT_OUT.get(reason, reason), rows, option


def _cited_pages(results: Results) -> set[str]:
    return {row.source.document for row in results.requirements} | {
        interpretation.source.document
        for row in results.requirements
        for interpretation in row.interpretations
    }
