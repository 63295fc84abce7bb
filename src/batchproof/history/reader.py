"""Reads a history, and tells a whole one from one that was cut off."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from batchproof import older_names
from batchproof.errors import BatchproofError
from batchproof.history.events import (
    FORMAT,
    Delivery,
    Event,
    Exchange,
    Footer,
    Halt,
    Header,
    Reproduction,
    ScenarioEnded,
    Unanswered,
    Unmet,
    from_json,
)
from batchproof.history.redaction import escapes_a_surrogate, without_surrogates
from batchproof.history.shared import Shared

_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class HistoryError(BatchproofError):
    """A history cannot be used. The message is one line that names file, line and remedy."""


class History(NamedTuple):
    """A history in memory. ``sha256`` is that of the file's bytes."""

    header: Header
    exchanges: tuple[Exchange, ...]
    unmet: tuple[Unmet, ...]
    footer: Footer | None
    sha256: str
    reproductions: tuple[Reproduction, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    halt: Halt | None = None
    ended: tuple[ScenarioEnded, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the run that wrote it came to its end."""
        return self.footer is not None and not self.footer.interrupted

    @property
    def others(self) -> list[Event]:
        """All events but header, exchanges, deliveries and footer."""
        halts = () if self.halt is None else (self.halt,)
        return [*self.unmet, *self.unanswered, *self.ended, *halts, *self.reproductions]

    @property
    def requests_spent(self) -> int:
        """How many requests count against the limit of the run."""
        return len(self.exchanges) + sum(item.requests for item in self.unanswered)

    @property
    def documents_spent(self) -> int:
        """How many documents count against the limit of the run: those that the server may have processed."""
        answered = sum(item.documents for item in self.exchanges)
        return answered + sum(item.documents for item in self.unanswered)

    @property
    def complete(self) -> bool:
        """Whether it came to its end, and is all of its plan."""
        return self.whole and self.header.shard is None

    @property
    def last(self) -> float:
        """The last second of which it tells."""
        ends = (item.end for item in self.exchanges)
        arrivals = (item.received_at for item in self.deliveries)
        footer = 0.0 if self.footer is None else self.footer.ended
        return max(footer, max(ends, default=0.0), max(arrivals, default=0.0))

    @property
    def left(self) -> list[str]:
        """The scenarios that the run was to drive and that have not ended."""
        ended = {item.scenario for item in self.ended}
        return [name for name in self.header.scenarios or () if name not in ended]


def read_history(file: Path) -> History:
    """The history in ``file``. A last line that was cut off is left out. Raises ``HistoryError``."""
    events: list[Event] = []
    shared = Shared()
    digest = hashlib.sha256()
    try:
        with file.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                digest.update(line)
                try:
                    events += [_event(line, shared)] if line.strip() else []
                except (ValueError, msgspec.DecodeError) as error:
                    if not line.endswith(b"\n"):
                        break
                    raise HistoryError(f"{file}: line {number}: is not a history event: {error}") from error
    except OSError as error:
        raise HistoryError(f"{file}: cannot be read: {error.strerror}") from error
    return assemble(file, events, digest.hexdigest())


def read_header(file: Path) -> Header:
    """The header of the history in ``file``. Raises ``HistoryError``, and ``OSError``."""
    with file.open("rb") as stream:
        try:
            first = _event(stream.readline(), Shared())
        except (ValueError, msgspec.DecodeError) as error:
            raise HistoryError(f"{file}: line 1: is not a history event: {error}") from error
    return assemble(file, [first], "").header


def _event(line: bytes, shared: Shared) -> Event:
    # a lone one is refused by the decoder
    if _SURROGATE.search(line) and escapes_a_surrogate(line.decode("utf-8", "replace")):
        return from_json(older_names.of_request(_readable(json.loads(line))))
    if older_names.may_be_in(line):
        return shared.event(from_json(older_names.of_request(msgspec.json.decode(line))))
    return shared.event(_DECODER.decode(line))


def _readable(value: Any) -> Any:
    """A JSON value without lone surrogates: no other program could read them."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, dict):
        return {without_surrogates(key): _readable(child) for key, child in value.items()}
    return [_readable(child) for child in value] if isinstance(value, list) else value


def assemble(file: Path, events: Sequence[Event], sha256: str) -> History:
    """The history that ``events`` make up. Raises ``HistoryError`` when header or footer are out of place."""
    if not events or not isinstance(events[0], Header):
        raise HistoryError(
            f"{file}: does not begin with a header; use a history.ndjson that batchproof wrote"
        )
    header = events[0]
    if header.format != FORMAT:
        raise HistoryError(f"{file}: format is {header.format}, this version reads {FORMAT}")
    footers = [event for event in events if isinstance(event, Footer)]
    if (
        any(isinstance(event, Header) for event in events[1:])
        or footers[:-1]
        or (footers and events[-1] is not footers[-1])
    ):
        raise HistoryError(f"{file}: has a header or a footer in its middle; judge one history at a time")
    return History(
        header=header,
        exchanges=tuple(event for event in events if isinstance(event, Exchange)),
        unmet=tuple(event for event in events if isinstance(event, Unmet)),
        footer=footers[-1] if footers else None,
        sha256=sha256,
        reproductions=tuple(event for event in events if isinstance(event, Reproduction)),
        deliveries=tuple(event for event in events if isinstance(event, Delivery)),
        halt=next((event for event in events if isinstance(event, Halt)), None),
        ended=tuple(event for event in events if isinstance(event, ScenarioEnded)),
        unanswered=tuple(event for event in events if isinstance(event, Unanswered)),
    )
