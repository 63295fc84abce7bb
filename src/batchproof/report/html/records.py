"""What the history holds of a finding: its exchanges and deliveries in the order of time, and what they showed."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from batchproof.history import Delivery, Exchange, History, Request, Response, has_body
from batchproof.judging import Finding
from batchproof.report.evidence import delivery_line, exchange_line
from batchproof.report.printable import short

_LONGEST_BODY = 1_500
_MOST_HEADERS = 20
_LONGEST_HEADER = 120
_MOST = 12


class Record(NamedTuple):
    """One exchange or delivery, ready to be shown. ``sent`` and ``received`` are the beginnings of bodies."""

    line: str
    id: str
    at: str
    sent: list[str]
    received: list[str]
    headers: list[str]


class Records:
    """Looks up the events of one history."""

    def __init__(self, history: History) -> None:
        self._exchanges = {exchange.id: exchange for exchange in history.exchanges}
        self._deliveries = {delivery.id: delivery for delivery in history.deliveries}
        try:
            self._started: datetime | None = datetime.fromisoformat(history.header.started_at)
        except ValueError:
            self._started = None

    def exchanges(self, identifiers: Iterable[str]) -> list[Exchange]:
        """Those of the exchanges that are on record, by the time at which they began."""
        found = {name: self._exchanges[name] for name in identifiers if name in self._exchanges}
        return sorted(found.values(), key=lambda item: (item.start, item.end))

    def deliveries(self, identifiers: Iterable[str]) -> list[Delivery]:
        """Those of the deliveries that are on record, by the time at which they came."""
        found = {name: self._deliveries[name] for name in identifiers if name in self._deliveries}
        return sorted(found.values(), key=lambda item: item.received_at)

    def of(self, finding: Finding) -> list[Exchange | Delivery]:
        """The fewest events that show ``finding``, as far as they are known, in the order of time."""
        described = smallest(finding)
        events: list[Exchange | Delivery] = [*self.exchanges(described), *self.deliveries(described)]
        return sorted(events, key=began)[-_MOST:]

    def clock(self, seconds: float) -> str:
        """The time of day, ``seconds`` after the run began."""
        if self._started is None:
            return f"{seconds:.3f} s"
        return (self._started + timedelta(seconds=seconds)).strftime("%H:%M:%S.%f")[:-3]

    def shown(self, event: Exchange | Delivery) -> Record:
        """``event``, ready to be shown."""
        if isinstance(event, Delivery):
            body = event.text if event.text is not None else event.base64 or ""
            return Record(
                delivery_line(event),
                event.id,
                self.clock(event.received_at),
                [],
                _cut([body]),
                _headers(event.headers),
            )
        response = event.response
        return Record(
            exchange_line(event),
            event.id,
            self.clock(event.start),
            _body(event.request),
            [] if response is None else _body(response),
            [] if response is None else _headers(response.headers),
        )


def began(event: Exchange | Delivery) -> float:
    """The second at which ``event`` began."""
    return event.received_at if isinstance(event, Delivery) else event.start


def smallest(finding: Finding) -> list[str]:
    """The names of the fewest events that show ``finding``, if somebody looked for them."""
    shrunken = finding.reproduction
    return shrunken.exchanges if shrunken is not None and shrunken.exchanges else finding.exchanges


def _headers(headers: dict[str, str]) -> list[str]:
    lines = [f"{name}: {short(value, _LONGEST_HEADER)}" for name, value in headers.items()]
    return lines[:_MOST_HEADERS]


def _body(side: Request | Response) -> list[str]:
    if has_body(side):
        # piece by piece: a page may hold a thousand rows, of which nobody reads more than the first
        return _cut(json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(side.body))
    return _cut([side.text]) if side.text else []


def _cut(pieces: Iterable[str]) -> list[str]:
    """The first lines of a text that comes in ``pieces``."""
    text = "".join(_until_long(pieces))
    lines = text[:_LONGEST_BODY].split("\n")
    return [*lines, "… (the whole of it is in history.ndjson)"] if len(text) > _LONGEST_BODY else lines


def _until_long(pieces: Iterable[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        yield piece
        length += len(piece)
        if length > _LONGEST_BODY:
            return
