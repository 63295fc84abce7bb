"""The evidence of a finding, in words: which exchanges show it, and how to repeat one of them."""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from batchproof.history import Delivery, Exchange, History, Recorded
from batchproof.judging import Finding, RequirementResult, Results
from batchproof.judging.results import Shrunken
from batchproof.report.curl import curl
from batchproof.report.expected import why_expected
from batchproof.report.printable import as_json, short, visible
from batchproof.report.words import Words, words

_LONGEST_TARGET = 160
_MOST_LINES = 6


class Evidence(NamedTuple):
    """A finding, ready to be shown. No text here holds a control character, except ``curl``, which has line ends."""

    finding: Finding
    words: Words
    message: str
    expected: str
    observed: str
    pointer: str
    exchanges: list[str]
    curl: str | None

    def lines(self) -> Iterator[tuple[str, str]]:
        """``(label, text)`` for everything but the command."""
        yield "broken", self.words.headline
        came = dict(self.words.lines).get("came")
        if came is not None:
            yield "came", came
        yield "found", self.message
        yield "expected", self.expected
        yield "observed", self.observed
        if self.pointer:
            yield "at", self.pointer
        for line in self.exchanges:
            yield "exchange", line
        if self.finding.count > 1:
            yield "seen", f"{self.finding.count} times"
        if self.finding.blame != "server":
            yield "blame", self.finding.blame
        if self.finding.reproduction is not None:
            yield "again", _asked_again(self.finding, self.finding.reproduction)
        if self.finding.expectation is not None:
            yield "known", why_expected(self.finding.expectation)


class Narrator:
    """Looks up the exchanges of one history."""

    def __init__(self, history: History) -> None:
        self._header = history.header
        self._exchanges = {exchange.id: exchange for exchange in history.exchanges}
        self._deliveries = {delivery.id: delivery for delivery in history.deliveries}
        self._recorded: dict[str, Recorded] = {**self._exchanges, **self._deliveries}
        self._token = history.header.token

    def evidence(self, row: RequirementResult) -> list[Evidence]:
        """The evidence of every finding on a requirement, what the server is to blame for first."""
        return [
            self._of(row, finding)
            for finding in sorted(row.findings, key=lambda item: item.blame != "server")
        ]

    def words(self, row: RequirementResult, finding: Finding) -> Words:
        """What one finding on ``row`` says, in words."""
        return words(row, finding, self._recorded, self._header)

    def seconds(self, row: RequirementResult) -> float | None:
        """How long the requests took that show what contradicts ``row``; None where none did."""
        shown = self._shown(row)
        return sum(exchange.end - exchange.start for exchange in shown) if shown else None

    def span(self, row: RequirementResult) -> tuple[float, float] | None:
        """The seconds in which the first of these requests began and the last one ended; None where there are none."""
        shown = self._shown(row)
        if not shown:
            return None
        return min(exchange.start for exchange in shown), max(exchange.end for exchange in shown)

    def _shown(self, row: RequirementResult) -> list[Exchange]:
        names = dict.fromkeys(name for finding in row.findings for name in finding.exchanges)
        return [self._exchanges[name] for name in names if name in self._exchanges]

    def _of(self, row: RequirementResult, finding: Finding) -> Evidence:
        known = [self._exchanges[item] for item in finding.exchanges if item in self._exchanges]
        repeated = _to_repeat(known)
        return Evidence(
            finding=finding,
            words=self.words(row, finding),
            message=short(finding.message),
            expected=short(finding.expected),
            observed=as_json(finding.observed),
            pointer=short(finding.pointer),
            exchanges=[self._line(item) for item in _telling(finding)],
            curl=None if repeated is None else curl(repeated, self._token),
        )

    def _line(self, identifier: str) -> str:
        exchange = self._exchanges.get(identifier)
        name = visible(identifier)
        if identifier in self._deliveries:
            return f"{delivery_line(self._deliveries[identifier])} ({name})"
        return f"{name} (not in this history)" if exchange is None else f"{exchange_line(exchange)} ({name})"


def _asked_again(finding: Finding, shrunken: Shrunken) -> str:
    match shrunken.outcome:
        case "reproduced":
            count = len(shrunken.exchanges)
            return f"it shows with {count} request{'' if count == 1 else 's'} alone, sent a second time"
        case "unstable" if shrunken.detail is not None and not shrunken.exchanges:
            return f"unstable: {short(shrunken.detail)}"
        case "unstable":
            described = "sent a second time, the same requests did not show it"
            # what was seen in one answer, or in two ordered looks, was seen
            return f"unstable: {described}" if finding.unstable else f"{described}; what was recorded stands"
    return f"not sent a second time ({short(shrunken.detail or 'no reason on record')})"


def exchange_line(exchange: Exchange) -> str:
    """``GET /path → 200``, or the way in which the exchange failed."""
    _, _, rest = exchange.request.url.partition("://")
    _, slash, path = rest.partition("/")
    if exchange.response is not None:
        outcome = str(exchange.response.status)
    elif exchange.failure is not None:
        outcome = f"{exchange.failure.kind}: {short(exchange.failure.message)}"
    else:
        outcome = "no answer on record"
    return f"{visible(exchange.request.method)} {short(slash + path, _LONGEST_TARGET)} → {outcome}"


def _telling(finding: Finding) -> list[str]:
    """The exchanges to show: the smallest evidence, if somebody looked for it."""
    shrunken = finding.reproduction
    return (
        shrunken.exchanges[:_MOST_LINES] if shrunken is not None and shrunken.exchanges else finding.exchanges
    )


def delivery_line(delivery: Delivery) -> str:
    """``delivery POST /path``: what came to the receiver of webhooks."""
    return f"delivery {visible(delivery.method or '')} {short(delivery.path or '', _LONGEST_TARGET)}".rstrip()


def replay_command(finding: Finding, folder: Path | None) -> str | None:
    """The command that sends the smallest evidence again, where the ``folder`` of the run has it."""
    if folder is None or finding.reproduction is None or not finding.reproduction.exchanges:
        return None
    script = folder / "replays" / f"{finding.fingerprint}.json"
    if not script.is_file():
        return None
    return f"batchproof replay {shlex.quote(visible(str(folder)))}/replays/{script.name}"


def levels_that_count(results: Results, word: str) -> str:
    """``MUST``, or what a strict run counts, joined by ``word``."""
    return f"MUST {word} SHOULD" if results.strict else "MUST"


def warned(results: Results) -> list[RequirementResult]:
    """The failed requirements that only warn: SHOULD, unless the run is strict, and MAY."""
    return [row for row in results.failed if not row.counts(strict=results.strict) and not row.expected]


def unstable(results: Results) -> list[RequirementResult]:
    """The requirements with nothing but unstable findings, of which some are not expected."""
    return [row for row in results.unstable if not row.expected]


def _to_repeat(exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange worth repeating: the probe; else a read, which changes nothing; else the first."""
    ranked = sorted(exchanges, key=lambda item: (item.probe is None, item.request.method != "GET"))
    return ranked[0] if ranked else None
