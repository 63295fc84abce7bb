"""Writes a history: append only, every event flushed, so that an interrupted run leaves a readable file."""

import json
import threading
from pathlib import Path
from typing import TextIO

import msgspec

from batchproof.history.events import (
    Event,
    Exchange,
    Failure,
    Header,
    Request,
    Response,
    Unmet,
    has_body,
    to_json,
)
from batchproof.history.redaction import Redactor


class HistoryWriter:
    """Appends events to one file. Safe to share between threads."""

    def __init__(self, file: Path, redactor: Redactor) -> None:
        """Creates ``file``. Raises ``OSError`` when that is impossible."""
        self._file: TextIO = file.open("x", encoding="ascii", newline="\n")
        self._redactor = redactor
        self._lock = threading.Lock()
        self.exchanges = 0

    def write(self, event: Event) -> Event:
        """Redacts ``event``, appends it, and returns what was written: the only form that anyone else sees."""
        clean = self._clean(event)
        line = json.dumps(to_json(clean), separators=(",", ":")) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()
            self.exchanges += isinstance(clean, Exchange)
        return clean

    def close(self) -> None:
        """Closes the file. Closing twice does nothing."""
        self._file.close()

    def _clean(self, event: Event) -> Event:
        redactor = self._redactor
        if isinstance(event, Exchange):
            return msgspec.structs.replace(
                event,
                request=_clean_request(event.request, redactor),
                response=None if event.response is None else _clean_response(event.response, redactor),
                failure=None
                if event.failure is None
                else Failure(kind=event.failure.kind, message=redactor.text(event.failure.message)),
            )
        if isinstance(event, Unmet):
            return msgspec.structs.replace(event, detail=redactor.text(event.detail))
        if isinstance(event, Header):
            return msgspec.structs.replace(event, target=redactor.text(event.target))
        return event


def _clean_request(request: Request, redactor: Redactor) -> Request:
    return msgspec.structs.replace(
        request,
        url=redactor.text(request.url),
        path={name: redactor.text(value) for name, value in request.path.items()},
        query=[(redactor.text(name), redactor.text(value)) for name, value in request.query],
        headers=redactor.headers(request.headers),
        body=redactor.json(request.body) if has_body(request) else request.body,
        text=None if request.text is None else redactor.text(request.text),
    )


def _clean_response(response: Response, redactor: Redactor) -> Response:
    return msgspec.structs.replace(
        response,
        headers=redactor.headers(response.headers),
        body=redactor.json(response.body) if has_body(response) else response.body,
        text=None if response.text is None else redactor.text(response.text),
    )
