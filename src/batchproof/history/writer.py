"""Writes a history: append only, every event at once, so that an interrupted run leaves a readable file."""

import json
import re
import threading
from pathlib import Path

import msgspec

from batchproof.history.events import (
    Delivery,
    Event,
    Exchange,
    Failure,
    Halt,
    Header,
    Reproduction,
    Request,
    Response,
    ScenarioEnded,
    Unmet,
    has_body,
    to_json,
)
from batchproof.history.inert import inert
from batchproof.history.redaction import Redactor

_PIECE = 1024 * 1024
_BEYOND_ASCII = re.compile(r"[^\x00-\x7e]+")


class HistoryWriter:
    """Appends events to one file. Safe to share between threads."""

    def __init__(self, file: Path, redactor: Redactor, *, after: int | None = None) -> None:
        """Creates ``file``, or goes on with the one that holds ``after`` exchanges. Raises ``OSError`` when that is impossible."""
        # unbuffered: what could not be written must not come later, after something else
        self._file = file.open("xb" if after is None else "ab", buffering=0)
        self._name = file
        self._redactor = redactor
        self._lock = threading.Lock()
        self.exchanges = after or 0
        self.failure: OSError | None = None

    def check(self) -> None:
        """Raises ``OSError`` when an event could not be written: then nothing more may happen."""
        if self.failure is not None:
            raise self.failure

    def learn(self, name: str, secret: str) -> None:
        """Replaces ``secret`` by ``$name`` in everything that is written from now on."""
        with self._lock:
            self._redactor.learn({name: secret})

    def write(self, event: Event) -> Event:
        """Redacts ``event``, appends it, and returns what was written: the only form that anyone else sees.

        Raises ``OSError``, and from then on always the same one.
        """
        event, line = _redacted(event, self._redactor)
        with self._lock:
            self.check()
            try:
                self._append(line.encode("ascii"))
            except OSError as error:
                self.failure = OSError(error.errno, error.strerror, str(self._name))
                raise self.failure from error
            self.exchanges += isinstance(event, Exchange)
        return event

    def _append(self, content: bytes) -> None:
        left = memoryview(content)
        while left:
            left = left[self._file.write(left) :]

    def close(self) -> None:
        """Closes the file. Closing twice does nothing."""
        self._file.close()


def redacted(event: Event, redactor: Redactor) -> Event:
    """``event`` without secrets."""
    return _redacted(event, redactor)[0]


def _redacted(event: Event, redactor: Redactor) -> tuple[Event, str]:
    """``event`` without secrets, and the line that it becomes."""
    event = _without_credentials(event, redactor)
    line = line_of(event)
    if redactor.finds_nothing(line):
        return event, line
    event = _clean(event, redactor)
    return event, line_of(event)


def _without_credentials(event: Event, redactor: Redactor) -> Event:
    """The headers that always carry credentials say nothing, whether the credential is known or not."""
    if isinstance(event, Delivery):
        return msgspec.structs.replace(event, headers=redactor.credentials(event.headers))
    if not isinstance(event, Exchange):
        return event
    request = msgspec.structs.replace(event.request, headers=redactor.credentials(event.request.headers))
    response = event.response
    if response is not None:
        response = msgspec.structs.replace(response, headers=redactor.credentials(response.headers))
    return msgspec.structs.replace(event, request=request, response=response)


def _clean(event: Event, redactor: Redactor) -> Event:
    if isinstance(event, Exchange):
        return msgspec.structs.replace(
            event,
            request=_clean_request(event.request, redactor),
            response=None if event.response is None else _clean_response(event.response, redactor),
            failure=None
            if event.failure is None
            else Failure(kind=event.failure.kind, message=redactor.text(event.failure.message)),
            case=None
            if event.case is None
            else msgspec.structs.replace(event.case, about=redactor.text(event.case.about)),
        )
    if isinstance(event, Delivery):
        return msgspec.structs.replace(
            event,
            path=None if event.path is None else redactor.text(event.path),
            headers=redactor.other_headers(event.headers),
            text=None if event.text is None else redactor.text(event.text),
            base64=None if event.base64 is None else redactor.text(event.base64),
        )
    if isinstance(event, Unmet):
        return msgspec.structs.replace(event, detail=redactor.text(event.detail))
    if isinstance(event, Halt):
        return msgspec.structs.replace(event, answer=redactor.text(event.answer))
    if isinstance(event, Reproduction):
        detail = None if event.detail is None else redactor.text(event.detail)
        return msgspec.structs.replace(event, detail=detail)
    if isinstance(event, ScenarioEnded):
        made = [(resource, redactor.text(identifier)) for resource, identifier in event.made]
        return msgspec.structs.replace(event, made=made)
    if isinstance(event, Header):
        return msgspec.structs.replace(event, target=redactor.text(event.target))
    return event


def line_of(event: Event) -> str:
    """An event as one line of ASCII. msgspec writes JSON in an eighth of the time, but escapes no more than it must."""
    try:
        text = msgspec.json.encode(event).decode()
    except UnicodeEncodeError:  # a lone surrogate
        return inert(json.dumps(to_json(event), separators=(",", ":"))) + "\n"
    return inert(_ascii(text)) + "\n"


def _ascii(text: str) -> str:
    """JSON with escapes instead of other letters; in pieces, since millions of them at once need much memory."""
    if text.isascii() and "\x7f" not in text:
        return text
    pieces = (text[begin : begin + _PIECE] for begin in range(0, len(text), _PIECE))
    return "".join(
        _BEYOND_ASCII.sub(lambda match: json.dumps(match.group())[1:-1], piece) for piece in pieces
    )


def _clean_request(request: Request, redactor: Redactor) -> Request:
    return msgspec.structs.replace(
        request,
        url=redactor.text(request.url),
        headers=redactor.other_headers(request.headers),
        path={name: redactor.text(value) for name, value in request.path.items()},
        query=[(redactor.text(name), redactor.text(value)) for name, value in request.query],
        body=redactor.json(request.body) if has_body(request) else request.body,
        text=None if request.text is None else redactor.text(request.text),
    )


def _clean_response(response: Response, redactor: Redactor) -> Response:
    return msgspec.structs.replace(
        response,
        headers=redactor.other_headers(response.headers),
        body=redactor.json(response.body) if has_body(response) else response.body,
        text=None if response.text is None else redactor.text(response.text),
    )
