"""HAR 1.2 (HTTP Archive) as browsers, proxies and libraries export it."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from batchproof.history.codings import UnreadableError, plain
from batchproof.history.reader import HistoryError
from batchproof.history.traffic.forms import is_multipart
from batchproof.history.traffic.message import Message, joined

_BEGINNING = re.compile(r'\s*\{\s*"log"\s*:')
_LOOKED_AT = 4096
_FRACTION = re.compile(r"\.([0-9]+)")
_REMEDY = "use a file that was exported as HAR 1.2"
# a tunnel is opened for requests that have entries of their own
_TUNNEL = "CONNECT"
# what Safari calls sources that are no server
_NOT_FETCHED = ("Memory Cache", "Disk Cache", "Service Worker")
# bytes of one body that was packed
_MOST = 16 * 1024 * 1024


class Recording(NamedTuple):
    """What a HAR file holds; ``sha256`` is that of its bytes."""

    messages: list[Message]
    sha256: str


def is_har(file: Path) -> bool:
    """Whether ``file`` begins as a HAR file does. One that cannot be read does not."""
    if file.suffix.lower() == ".har":
        return True
    try:
        with file.open("rb") as stream:
            begin = stream.read(_LOOKED_AT)
    except OSError:
        return False
    text = begin.decode(json.detect_encoding(begin), "replace") if begin else ""
    return _BEGINNING.match(text.removeprefix("\ufeff")) is not None


def read_har(file: Path) -> Recording:
    """The requests in ``file`` in its order, to whatever server. Raises ``HistoryError``."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise HistoryError(f"{file}: cannot be read: {error.strerror}") from error
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise HistoryError(f"{file}: is not whole JSON: {error}; {_REMEDY}") from error
    log = _member(whole, "log")
    entries = _member(log, "entries")
    if not isinstance(log, dict) or not isinstance(entries, list):
        raise HistoryError(f"{file}: has no log.entries; {_REMEDY}")
    found = (_message(file, number, entry) for number, entry in enumerate(entries, start=1))
    return Recording(
        [message for message in found if message is not None], hashlib.sha256(content).hexdigest()
    )


def _message(file: Path, number: int, entry: Any) -> Message | None:
    """One entry; None for one that no request of a program is: a tunnel, or what never left the browser."""
    request, response = _member(entry, "request"), _member(entry, "response")
    method, url = _member(request, "method"), _member(request, "url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise HistoryError(f"{file}: log.entries[{number - 1}].request: has no method or no url; {_REMEDY}")
    if method.upper() == _TUNNEL or not url.lower().startswith(("http://", "https://")):
        return None
    start, unsure = _moment(file, number, _member(entry, "startedDateTime"))
    headers = _headers(request)
    status = _member(response, "status")
    status = status if isinstance(status, int) and 100 <= status <= 599 else None
    answered = _headers(response)
    content, cut = _content(response, joined(answered))
    return Message(
        number=number,
        method=method,
        url=url,
        start=start,
        end=_end(entry, start, unsure),
        headers=headers,
        sent=_sent(request, joined(headers)),
        status=status,
        answered=answered,
        content=content,
        lost=_lost(entry, response, status),
        cut=cut,
    )


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _moment(file: Path, number: int, given: Any) -> tuple[float, float]:
    """When a request began, in seconds since 1970, and how much later it may have been: the digits that are not there."""
    try:
        moment = datetime.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise HistoryError(
            f"{file}: log.entries[{number - 1}].startedDateTime: is no date-time (ISO 8601); {_REMEDY}"
        ) from error
    fraction = _FRACTION.search(given)
    unsure = 10.0 ** -min(6, len(fraction.group(1))) if fraction else 1.0
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp(), unsure


def _end(entry: Any, start: float, unsure: float) -> float | None:
    """When the answer was there at the latest; None where nothing says so."""
    time = _member(entry, "time")
    if not _is_time(time):
        timings = _member(entry, "timings")
        parts = [
            value
            for name, value in (timings.items() if isinstance(timings, dict) else ())
            # TLS is a part of ``connect``, and names that begin with an underscore are no part of the whole
            if _is_time(value) and name != "ssl" and not name.startswith("_")
        ]
        time = sum(parts) if parts else None
    if time is None:
        return None
    return float(start + time / 1000 + max(unsure, 0.001 if isinstance(time, int) else 0.0))


def _is_time(value: Any) -> bool:
    """Whether ``value`` is a number of milliseconds; -1 stands for one that is not known."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


def _headers(side: Any) -> list[tuple[str, str]]:
    return list(_pairs(_member(side, "headers")))


def _pairs(given: Any) -> Iterator[tuple[str, str]]:
    for item in given if isinstance(given, list) else ():
        name, value = _member(item, "name"), _member(item, "value")
        if isinstance(name, str) and isinstance(value, str):
            yield name, value


def _sent(request: Any, headers: dict[str, str]) -> bytes | None:
    data = _member(request, "postData")
    text = _member(data, "text")
    # files are bytes, which the text of a request has lost
    if not isinstance(text, str) or not text or is_multipart(headers.get("content-type", "")):
        return None
    # no part of the format, but what some tools write for bytes
    if (_member(data, "encoding") or _member(data, "_encoding")) == "base64":
        return _unpacked(_bytes(text), headers) or _bytes(text)
    return _encoded(text)


def _content(response: Any, headers: dict[str, str]) -> tuple[bytes | None, bool]:
    """The body of an answer, and whether it may be less than what was sent."""
    content = _member(response, "content")
    text = _member(content, "text")
    if not isinstance(text, str) or not text:
        return None, True
    if _member(content, "encoding") == "base64":
        raw = _bytes(text)
        unpacked = _unpacked(raw, headers)
        if unpacked is not None:
            return unpacked, False
    else:
        raw = _encoded(text)
    size = _member(content, "size")
    whole = (
        isinstance(size, int) and raw is not None and size == len(raw) and "content-encoding" not in headers
    )
    described = headers.get("content-length", "")
    return raw, not whole or (described != "" and described != str(size))


def _unpacked(raw: bytes | None, headers: dict[str, str]) -> bytes | None:
    """A body that the recorder kept as it came, without its content coding; None where it was kept without one."""
    try:
        found = b"".join(plain(headers.get("content-encoding", ""), [raw or b""], _MOST))
    except UnreadableError:
        return None
    return None if found == raw else found or None


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return None


def _encoded(text: str) -> bytes:
    # what has been decoded may hold half a character, which no answer did
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def _lost(entry: Any, response: Any, status: int | None) -> str | None:
    """Why the recording holds no answer of the server."""
    errors = (_member(response, "_error"), _member(response, "_failureText"), _member(entry, "_error"))
    error = next((error for error in errors if isinstance(error, str) and error), None)
    if status is None:
        return None if error is None else f"no answer was recorded: {error}"
    if error is not None:
        return f"the answer did not come whole: {error}"
    sources = (_member(entry, "_fromCache"), _member(response, "_fetchedViaServiceWorker"))
    if any(sources) or _member(entry, "_fetchType") in _NOT_FETCHED or _kept(response):
        return "the answer came from a cache"
    return None


def _kept(response: Any) -> bool:
    """Whether there is a body of which nothing was received: so HAR 1.2 tells that it came from a cache."""
    received = (_member(response, "bodySize"), _member(response, "_transferSize"))
    return bool(_member(_member(response, "content"), "text")) and any(
        isinstance(size, int) and size == 0 for size in received
    )
