"""Findings, each on a card: the statement, what was expected and observed, the events, and how to repeat it."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from batchproof.contract import Contract, pointer
from batchproof.history import Exchange, History
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.words.worded import came_alone
from batchproof.report.evidence import Evidence, Narrator, levels_that_count, unstable, warned
from batchproof.report.expected import expected_rows, why_expected
from batchproof.report.html.citing import Cited, cited
from batchproof.report.html.lifelines import Lifeline, lifeline
from batchproof.report.html.mending import Change, Mender
from batchproof.report.html.records import Record, Records
from batchproof.report.printable import short

# what is found beyond that is told briefly: the page has to stay small
_MOST_WHOLE = 40
_LONGEST_BRIEF = 120
_LONGEST_COMMAND = 4_000
_NOWHERE = object()


class Card(NamedTuple):
    """One finding. ``kind`` says what it does to the run; ``sure`` what was done to make sure.

    A ``brief`` one has neither drawing nor events nor commands. ``curl`` is None where there is no command, or too long a one.
    """

    number: int
    kind: str
    brief: bool
    headline: str
    asked: str
    expected: str
    observed: str
    rule: str
    row: RequirementResult
    cited: Cited
    evidence: Evidence
    drawing: Lifeline | None
    change: Change | None
    events: list[Record]
    sure: list[str]
    known: str
    replay: str
    curl: str | None


class Group(NamedTuple):
    """Findings that do the same to the run. ``label`` stands on every card, beside its mark."""

    title: str
    label: str
    kind: str
    cards: list[Card]


class Cards:
    """Makes the cards of one judgement."""

    def __init__(self, contract: Contract, results: Results, history: History, records: Records) -> None:
        self._contract = contract
        self._results = results
        self._narrator = Narrator(history)
        self._records = records
        self._mender = Mender(contract, history.header.started_at)
        self._numbers = count(1)

    def groups(self) -> list[Group]:
        """All findings: what fails the run, what is unstable, what only warns, what was expected."""
        results = self._results
        levels = levels_that_count(results, "and")
        groups = [
            self._group(f"{levels} requirements that failed", "Failed", "failed", results.failing),
            self._group("Unstable: seen once, and not again", "Unstable", "inconclusive", unstable(results)),
            self._group("Warnings, which fail nothing", "Warning", "warning", warned(results)),
            self._group(
                "Expected findings, which fail nothing", "Expected", "expected", expected_rows(results)
            ),
        ]
        return [group for group in groups if group.cards]

    def _group(self, title: str, label: str, kind: str, rows: Sequence[RequirementResult]) -> Group:
        return Group(title, label, kind, [card for row in rows for card in self._of(row, kind)])

    def _of(self, row: RequirementResult, kind: str) -> Iterator[Card]:
        for evidence in self._narrator.evidence(row):
            finding, number = evidence.finding, next(self._numbers)
            brief = number > _MOST_WHOLE
            events = [] if brief else self._records.of(finding)
            exchanges = [event for event in events if isinstance(event, Exchange)]
            shrunken = finding.reproduction
            expected = row.statement if finding.by_expression else evidence.expected
            observed = _observed(evidence)
            yield Card(
                number=number,
                kind=kind,
                brief=brief,
                headline=evidence.words.headline,
                asked=dict(evidence.words.lines).get("asked", ""),
                expected=short(expected, _LONGEST_BRIEF) if brief else expected,
                observed=short(observed, _LONGEST_BRIEF) if brief else observed,
                rule=evidence.expected if finding.by_expression else "",
                row=row,
                cited=cited(row.source, self._results.documents),
                evidence=evidence,
                drawing=lifeline(
                    self._contract, events, finding.pointer, _telling(finding), _alone(finding, exchanges)
                ),
                # exchanges alone are judged again: what rests on deliveries, too, would not show
                change=self._mender.change(row.id, finding, exchanges) if exchanges == events else None,
                events=[self._records.shown(event) for event in events],
                sure=list(_sure(evidence, exchanges)),
                known="" if finding.expectation is None else why_expected(finding.expectation),
                replay=f"replays/{finding.fingerprint}.json"
                if shrunken is not None and shrunken.exchanges
                else "",
                curl=evidence.curl if len(evidence.curl or "") <= _LONGEST_COMMAND else None,
            )


def _telling(finding: Finding) -> list[str]:
    """The events that its words speak of, or else all that show it."""
    return [item.exchange for item in finding.shown if item.exchange is not None] or finding.exchanges


def _alone(finding: Finding, exchanges: Sequence[Exchange]) -> list[str]:
    """The answers that show it each by itself: what is wrong stands in them, and is compared with nothing."""
    if not finding.pointer or any(item.exchange is not None for item in finding.shown):
        return []
    return [
        item.id
        for item in exchanges
        if item.response is not None
        and pointer.first(item.response.body, finding.pointer, _NOWHERE) == finding.observed
    ]


def _observed(evidence: Evidence) -> str:
    """What was seen, without what is documented, which stands beside it."""
    came = dict(evidence.words.lines).get("came", "")
    if not evidence.finding.by_expression:
        return came_alone(came) or evidence.observed
    if any(item.exchange is not None for item in evidence.finding.shown):
        return came
    # a rule is given whole answers: the headline has the values that it looked at
    seen = evidence.words.headline.partition(": ")[2]
    return "; ".join(text for text in (seen, came) if text) or evidence.observed


def _sure(evidence: Evidence, exchanges: Sequence[Exchange]) -> Iterator[str]:
    """What was done to make sure that the finding is one."""
    yield from _controls(exchanges)
    again = dict(evidence.lines()).get("again")
    yield "Its requests were not sent a second time." if again is None else f"{again[:1].upper()}{again[1:]}."
    times = evidence.finding.count
    yield f"It was seen {times:,} times." if times > 1 else "It was seen once."
    if evidence.finding.assumption:
        yield "It assumes that nothing happened between a look and an act."


def _controls(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """The valid requests beside those that have to be refused, as far as they are among ``exchanges``."""
    probes = {item.probe for item in exchanges if item.probe is not None}
    cases = {item.case.control for item in exchanges if item.case is not None}
    for item in exchanges:
        if item.response is not None and (probes.intersection(item.control_of) or item.id in cases):
            yield f"Control: the same request without the change was answered with {item.response.status} ({item.id})."
