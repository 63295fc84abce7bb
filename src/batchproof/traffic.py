"""Recorded traffic as something to judge: read, told as a history, judged, and rid of every secret before it is written."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import structs

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.history import Exchange, History, Redactor, has_body
from batchproof.history.recorded import Deliveries
from batchproof.history.traffic import Cleaner, Learned, Message, history_of, read_har, server_at, server_of
from batchproof.history.writer import line_of
from batchproof.judging import Bar, Finding, RequirementResult, Results, judge
from batchproof.judging.judging import asked_in_version
from batchproof.version import __version__

_WITHHELD = "[redacted]"


class Traffic(NamedTuple):
    """Traffic of one server. ``clean`` is all of ``raw`` without secrets: nothing else may be written.

    ``notes`` are lines for the user: what was left out of the judgement, and why.
    """

    raw: History
    clean: History
    notes: list[str]

    def of(self, claims: list[str] | None) -> "Traffic":
        """The same traffic, of a server that claims ``claims``."""
        raw, clean = (
            history._replace(header=structs.replace(history.header, claims=claims))
            for history in (self.raw, self.clean)
        )
        return self._replace(raw=raw, clean=clean)


class Judged(NamedTuple):
    """Results without secrets, and the history that they are about."""

    results: Results
    history: History


def read_traffic(
    file: Path,
    contract: Contract,
    *,
    base_url: str | None = None,
    deliveries: Deliveries | None = None,
    redact: Sequence[str] = (),
    others: Sequence[Message] = (),
) -> Traffic:
    """The HAR ``file`` as traffic of the server at ``base_url``, or of the only one that it holds calls of.

    What is secret in the messages of ``others`` is secret here, too. ``redact`` are JSON Pointers into bodies. Raises ``HistoryError`` and ``ConfigError``.
    """
    recording = read_har(file)
    server = None
    if base_url is not None:
        try:
            server = server_at(base_url)
        except ValueError as error:
            raise ConfigError("--base-url", "", str(error)) from error
    server = server or server_of(contract, recording.messages, file)
    raw = history_of(
        contract,
        server,
        recording.messages,
        file=file,
        sha256=recording.sha256,
        suite=__version__,
    )
    if deliveries is not None:
        raw = _with(raw, deliveries)
    notes = notes_of(contract, raw, elsewhere=len(recording.messages) - len(raw.exchanges))
    return Traffic(raw, cleaned(raw, [*recording.messages, *others], redact), notes)


def cleaned(raw: History, messages: Sequence[Message], redact: Sequence[str] = ()) -> History:
    """``raw`` without the secrets that ``messages`` show, and what ``redact`` names. Raises ``ConfigError``."""
    learned = Learned()
    # the token of the server that is judged is the one that commands call by its name
    for message in sorted(messages, key=lambda item: not item.url.startswith(raw.header.target)):
        learned.take(message)
    for exchange in raw.exchanges:
        learned.meet(line_of(exchange))
    redactor = Redactor(learned.named)
    try:
        cleaner = Cleaner(redactor, redact)
    except ValueError as error:
        raise ConfigError("--redact", "", str(error)) from error
    for exchange in raw.exchanges:
        cleaner.learn(exchange)
    header = structs.replace(raw.header, target=redactor.text(raw.header.target))
    return raw._replace(header=header, exchanges=tuple(map(cleaner.clean, raw.exchanges)))


def judge_traffic(contract: Contract, traffic: Traffic, bar: Bar) -> Judged:
    """Judges what was seen, and tells it without secrets."""
    described = judge(contract, traffic.clean, bar)
    found = any(row.findings for row in described.requirements)
    if not found or not any(map(_lost_something, traffic.raw.exchanges, traffic.clean.exchanges)):
        return Judged(described, traffic.clean)
    # what was replaced in a body must not be found fault with, so the verdict is that on what was there
    seen = judge(contract, traffic.raw, bar)
    rows = list(map(_described, seen.requirements, described.requirements))
    return Judged(
        structs.replace(seen, requirements=rows, target=described.target, unexpected=described.unexpected),
        traffic.clean,
    )


def _lost_something(raw: Exchange, clean: Exchange) -> bool:
    return bool(_body(raw.request) != _body(clean.request) or _body(raw.response) != _body(clean.response))


def _body(side: Any) -> Any:
    return side.body if side is not None and has_body(side) else None


def _described(seen: RequirementResult, described: RequirementResult) -> RequirementResult:
    """What was seen, in the words that hold no secret."""
    words = {finding.fingerprint: finding for finding in described.findings}
    return structs.replace(
        seen, findings=[_without_secret(item, words.get(item.fingerprint)) for item in seen.findings]
    )


def _without_secret(seen: Finding, described: Finding | None) -> Finding:
    if described is None:
        message = "it is contradicted by a value that is secret"
        return structs.replace(seen, message=message, observed=_WITHHELD, headline=message, shown=[])
    return structs.replace(
        seen,
        message=described.message,
        expected=described.expected,
        observed=described.observed,
        headline=described.headline,
        shown=described.shown,
    )


def _with(history: History, deliveries: Deliveries) -> History:
    """``history`` with what a receiver got meanwhile; what came at an unknown moment is taken to have come last."""
    started = datetime.fromisoformat(history.header.started_at).timestamp()
    last = history.last
    return history._replace(
        header=structs.replace(history.header, webhooks="received"),
        deliveries=tuple(
            structs.replace(event, received_at=last if moment is None else round(moment - started, 6))
            for event, moment in deliveries.deliveries
        ),
    )


def notes_of(contract: Contract, history: History, *, elsewhere: int = 0) -> list[str]:
    """What a user should know of what was left out."""
    calls = [exchange for exchange in history.exchanges if exchange.operation is not None]
    notes = []
    if elsewhere:
        notes.append(f"{_requests(elsewhere)} left out: to other servers than {history.header.target}")
    strange = len(history.exchanges) - len(calls)
    if strange:
        notes.append(
            f"{_requests(strange)} not judged: no operation of {contract.id}, or sent again with the same key"
        )
    versions = sum(not asked_in_version(contract, exchange) for exchange in calls)
    if versions:
        wanted = ", ".join(f"{name}: {value}" for name, value in contract.manifest.headers.items())
        notes.append(
            f"{_requests(versions)} not judged: without the header {wanted}; --contract names another version"
        )
    unread = sum(exchange.failure is not None and exchange.failure.kind == "unhandled" for exchange in calls)
    if unread:
        notes.append(
            f"{_requests(unread)} not judged: the recording does not hold the answer, whole and readable"
        )
    return notes


def _requests(count: int) -> str:
    return f"{count} request{'' if count == 1 else 's'}"
