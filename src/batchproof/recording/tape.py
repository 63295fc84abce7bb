"""What goes by, as a history: in memory, and in a file as it happens."""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from batchproof.client import ConfigError
from batchproof.contract import Contract
from batchproof.history import Event, Exchange, Footer, HistoryError, HistoryWriter, Redactor
from batchproof.history.events import from_json
from batchproof.history.traffic import (
    Cleaner,
    Learned,
    Message,
    Server,
    Teller,
    header_of,
    history_of,
    server_of,
)
from batchproof.history.writer import line_of, redacted
from batchproof.recording.copying import Copy, uncoded
from batchproof.traffic import Traffic, cleaned, notes_of
from batchproof.version import __version__

_NO_SHA = "0" * 64


class Clock:
    """Seconds since 1970 that never go back."""

    def __init__(self) -> None:
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        """The moment."""
        return self._offset + time.monotonic()


class Tape:
    """Messages of one server, in the order in which they ended. Threads may share it."""

    def __init__(
        self,
        contract: Contract,
        *,
        server: Server | None = None,
        file: Path | None = None,
        redact: Sequence[str] = (),
        keep: bool = True,
    ) -> None:
        """Writes to ``file``, if there is one, and keeps everything in memory, if told to.

        Without a ``server`` it is the one whose paths are those of the contract. Raises ``ConfigError`` where ``redact``
        holds something that is no JSON Pointer, and ``OSError`` where ``file`` cannot be made, or is there already.
        """
        self.contract = contract
        self.clock = Clock()
        self._server = server
        self._redact = redact
        self._keep = keep
        self._messages: list[Message] = []
        self._number = 0
        self._lock = threading.Lock()
        self._file = file
        self._learned = Learned()
        self._redactor = Redactor({})
        try:
            self._cleaner = Cleaner(self._redactor, redact)
        except ValueError as error:
            raise ConfigError("--redact", "", str(error)) from error
        self._writer = None if file is None else HistoryWriter(file, self._redactor)
        self._teller: Teller | None = None
        self._started = self.clock.now()
        # whether something was learned that may stand in what was written before
        self._late = False

    def take(self, message: Message) -> None:
        """Puts ``message`` on record, which gets a number of its own. Raises ``OSError`` where that is impossible."""
        with self._lock:
            self._number += 1
            message = message._replace(number=self._number)
            if self._keep:
                self._messages.append(message)
            if self._writer is not None:
                self._write(message, self._writer)

    @property
    def count(self) -> int:
        """How many messages there were."""
        return self._number

    def _write(self, message: Message, writer: HistoryWriter) -> None:
        self._learn(self._learned.take(message))
        if self._server is None:
            try:
                self._server = server_of(self.contract, [message], "the traffic")
            except HistoryError:
                return
        if not self._server.has(message.url):
            return
        if self._teller is None:
            self._teller = Teller(self.contract, self._server, self._started)
            writer.write(header_of(self.contract, self._server, self._started, __version__))
        exchange = self._teller.exchange(message, message.end or self.clock.now())
        self._cleaner.learn(exchange)
        self._learn(self._learned.meet(line_of(exchange)))
        writer.write(self._cleaner.bare(exchange))

    def _learn(self, new: dict[str, str]) -> None:
        if new:
            self._redactor.learn(new)
            self._late = self._late or self._teller is not None

    def close(self) -> None:
        """Ends the file; what was learned late is taken out of its beginning. Closing twice does nothing."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is None or self._file is None:
                return
            if self._teller is None and self._server is not None:
                writer.write(header_of(self.contract, self._server, self._started, __version__))
            if self._server is not None:
                ended = round(self.clock.now() - self._started, 6)
                writer.write(Footer(ended=ended, exchanges=writer.exchanges))
            writer.close()
            if self._late:
                _clean_again(self._file, self._redactor)

    def traffic(self) -> Traffic:
        """What was kept, to be judged. Raises ``HistoryError`` where it holds no call of the contract."""
        with self._lock:
            messages = list(self._messages)
        server = self._server or server_of(self.contract, messages, "the traffic")
        raw = history_of(
            self.contract,
            server,
            messages,
            file=Path("the traffic"),
            sha256=_NO_SHA,
            suite=__version__,
        )
        return Traffic(raw, cleaned(raw, messages, self._redact), notes_of(self.contract, raw))


def _clean_again(file: Path, redactor: Redactor) -> None:
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with file.open("rb") as lines, temporary.open("wb") as clean:
            for line in lines:
                event = from_json(msgspec.json.decode(line))
                clean.write(line_of(_once_more(event, redactor)).encode("ascii"))
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _once_more(event: Event, redactor: Redactor) -> Event:
    """``event``, which was written, without ``redactor``'s secrets; its headers say the names of theirs already."""
    found = redacted(event, redactor)
    if not isinstance(event, Exchange) or not isinstance(found, Exchange):
        return found
    headers = {name: redactor.text(value) for name, value in event.request.headers.items()}
    return msgspec.structs.replace(found, request=msgspec.structs.replace(found.request, headers=headers))


def message_of(
    method: str,
    url: str,
    *,
    start: float,
    end: float,
    headers: Sequence[tuple[str, str]],
    sent: Copy,
    status: int | None,
    answered: Sequence[tuple[str, str]] = (),
    content: Copy | None = None,
    lost: str | None = None,
) -> Message:
    """What went by, as a message without a number."""
    body: bytes | None = None
    if content is not None and lost is None:
        raw = content.whole
        body, lost = (None, content.lost) if raw is None else uncoded(answered, raw)
    request = sent.whole
    return Message(
        number=0,
        method=method,
        url=url,
        start=start,
        end=end,
        headers=headers,
        sent=uncoded(headers, request)[0] if request else None,
        status=status,
        answered=answered,
        content=body,
        lost=lost,
        cut=False,
    )
